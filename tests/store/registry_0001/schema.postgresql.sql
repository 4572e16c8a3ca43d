CREATE FUNCTION public.docgen_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'docgen: records are never changed or deleted'; END $$;
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.api_keys (
    id text NOT NULL,
    organisation_id text NOT NULL,
    digest bytea NOT NULL,
    scopes text NOT NULL,
    created_at text NOT NULL,
    withdrawn_at text
);
CREATE TABLE public.batches (
    id bigint NOT NULL,
    organisation_id text NOT NULL,
    idempotency_key text NOT NULL,
    request_digest text NOT NULL,
    form text NOT NULL,
    actor text NOT NULL,
    created_at text NOT NULL
);
CREATE SEQUENCE public.batches_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.batches_id_seq OWNED BY public.batches.id;
CREATE TABLE public.certificates (
    id bigint NOT NULL,
    organisation_id text NOT NULL,
    batch_id bigint NOT NULL,
    "row" integer NOT NULL,
    number text NOT NULL,
    version integer NOT NULL,
    code text NOT NULL,
    identity text NOT NULL,
    token text NOT NULL,
    created_at text NOT NULL
);
CREATE SEQUENCE public.certificates_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.certificates_id_seq OWNED BY public.certificates.id;
CREATE TABLE public.counters (
    series text NOT NULL,
    year integer NOT NULL,
    last integer NOT NULL
);
CREATE TABLE public.documents (
    certificate_id bigint NOT NULL,
    format text NOT NULL,
    border boolean NOT NULL,
    template text NOT NULL,
    sha256 text NOT NULL,
    bytes integer NOT NULL,
    created_at text NOT NULL
);
CREATE TABLE public.events (
    certificate_id bigint NOT NULL,
    sequence integer NOT NULL,
    state text NOT NULL,
    at text NOT NULL,
    actor text NOT NULL,
    reason_class text NOT NULL,
    reason text NOT NULL
);
CREATE TABLE public.holdings (
    identity text NOT NULL,
    certificate_id bigint NOT NULL
);
CREATE TABLE public.misses (
    kind text NOT NULL,
    subject text NOT NULL,
    day text NOT NULL,
    count integer NOT NULL
);
CREATE TABLE public.organisations (
    id text NOT NULL,
    name text NOT NULL,
    created_at text NOT NULL
);
CREATE TABLE public.series (
    name text NOT NULL,
    organisation_id text NOT NULL
);
CREATE TABLE public.signing_keys (
    kid text NOT NULL,
    public text NOT NULL,
    trial boolean NOT NULL,
    created_at text NOT NULL,
    retired_at text
);
ALTER TABLE ONLY public.batches ALTER COLUMN id SET DEFAULT nextval('public.batches_id_seq'::regclass);
ALTER TABLE ONLY public.certificates ALTER COLUMN id SET DEFAULT nextval('public.certificates_id_seq'::regclass);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT pk_api_keys PRIMARY KEY (id);
ALTER TABLE ONLY public.batches
    ADD CONSTRAINT pk_batches PRIMARY KEY (id);
ALTER TABLE ONLY public.certificates
    ADD CONSTRAINT pk_certificates PRIMARY KEY (id);
ALTER TABLE ONLY public.counters
    ADD CONSTRAINT pk_counters PRIMARY KEY (series, year);
ALTER TABLE ONLY public.documents
    ADD CONSTRAINT pk_documents PRIMARY KEY (certificate_id, format, border);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT pk_events PRIMARY KEY (certificate_id, sequence);
ALTER TABLE ONLY public.holdings
    ADD CONSTRAINT pk_holdings PRIMARY KEY (identity);
ALTER TABLE ONLY public.misses
    ADD CONSTRAINT pk_misses PRIMARY KEY (kind, subject, day);
ALTER TABLE ONLY public.organisations
    ADD CONSTRAINT pk_organisations PRIMARY KEY (id);
ALTER TABLE ONLY public.series
    ADD CONSTRAINT pk_series PRIMARY KEY (name);
ALTER TABLE ONLY public.signing_keys
    ADD CONSTRAINT pk_signing_keys PRIMARY KEY (kid);
ALTER TABLE ONLY public.batches
    ADD CONSTRAINT uq_batches_organisation_id_idempotency_key UNIQUE (organisation_id, idempotency_key);
ALTER TABLE ONLY public.certificates
    ADD CONSTRAINT uq_certificates_batch_id_row UNIQUE (batch_id, "row");
ALTER TABLE ONLY public.certificates
    ADD CONSTRAINT uq_certificates_code UNIQUE (code);
ALTER TABLE ONLY public.certificates
    ADD CONSTRAINT uq_certificates_number_version UNIQUE (number, version);
CREATE INDEX ix_documents_sha256 ON public.documents USING btree (sha256);
CREATE INDEX ix_holdings_certificate_id ON public.holdings USING btree (certificate_id);
CREATE TRIGGER certificates_fixed BEFORE DELETE OR UPDATE ON public.certificates FOR EACH ROW EXECUTE FUNCTION public.docgen_refuse();
CREATE TRIGGER certificates_kept BEFORE TRUNCATE ON public.certificates FOR EACH STATEMENT EXECUTE FUNCTION public.docgen_refuse();
CREATE TRIGGER documents_fixed BEFORE DELETE OR UPDATE ON public.documents FOR EACH ROW EXECUTE FUNCTION public.docgen_refuse();
CREATE TRIGGER documents_kept BEFORE TRUNCATE ON public.documents FOR EACH STATEMENT EXECUTE FUNCTION public.docgen_refuse();
CREATE TRIGGER events_fixed BEFORE DELETE OR UPDATE ON public.events FOR EACH ROW EXECUTE FUNCTION public.docgen_refuse();
CREATE TRIGGER events_kept BEFORE TRUNCATE ON public.events FOR EACH STATEMENT EXECUTE FUNCTION public.docgen_refuse();
ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT fk_api_keys_organisation_id FOREIGN KEY (organisation_id) REFERENCES public.organisations(id);
ALTER TABLE ONLY public.batches
    ADD CONSTRAINT fk_batches_organisation_id FOREIGN KEY (organisation_id) REFERENCES public.organisations(id);
ALTER TABLE ONLY public.certificates
    ADD CONSTRAINT fk_certificates_batch_id FOREIGN KEY (batch_id) REFERENCES public.batches(id);
ALTER TABLE ONLY public.certificates
    ADD CONSTRAINT fk_certificates_organisation_id FOREIGN KEY (organisation_id) REFERENCES public.organisations(id);
ALTER TABLE ONLY public.counters
    ADD CONSTRAINT fk_counters_series FOREIGN KEY (series) REFERENCES public.series(name);
ALTER TABLE ONLY public.documents
    ADD CONSTRAINT fk_documents_certificate_id FOREIGN KEY (certificate_id) REFERENCES public.certificates(id);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT fk_events_certificate_id FOREIGN KEY (certificate_id) REFERENCES public.certificates(id);
ALTER TABLE ONLY public.holdings
    ADD CONSTRAINT fk_holdings_certificate_id FOREIGN KEY (certificate_id) REFERENCES public.certificates(id);
ALTER TABLE ONLY public.series
    ADD CONSTRAINT fk_series_organisation_id FOREIGN KEY (organisation_id) REFERENCES public.organisations(id);
