CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE organisations (
	id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	CONSTRAINT pk_organisations PRIMARY KEY (id)
);
CREATE TABLE api_keys (
	id TEXT NOT NULL, 
	organisation_id TEXT NOT NULL, 
	digest BLOB NOT NULL, 
	scopes TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	withdrawn_at TEXT, 
	CONSTRAINT pk_api_keys PRIMARY KEY (id), 
	CONSTRAINT fk_api_keys_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id)
);
CREATE TABLE signing_keys (
	kid TEXT NOT NULL, 
	public TEXT NOT NULL, 
	trial BOOLEAN NOT NULL, 
	created_at TEXT NOT NULL, 
	retired_at TEXT, 
	CONSTRAINT pk_signing_keys PRIMARY KEY (kid)
);
CREATE TABLE series (
	name TEXT NOT NULL, 
	organisation_id TEXT NOT NULL, 
	CONSTRAINT pk_series PRIMARY KEY (name), 
	CONSTRAINT fk_series_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id)
);
CREATE TABLE counters (
	series TEXT NOT NULL, 
	year INTEGER NOT NULL, 
	last INTEGER NOT NULL, 
	CONSTRAINT pk_counters PRIMARY KEY (series, year), 
	CONSTRAINT fk_counters_series FOREIGN KEY(series) REFERENCES series (name)
);
CREATE TABLE misses (
	kind TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	day TEXT NOT NULL, 
	count INTEGER NOT NULL, 
	CONSTRAINT pk_misses PRIMARY KEY (kind, subject, day)
);
CREATE TABLE batches (
	id INTEGER NOT NULL, 
	organisation_id TEXT NOT NULL, 
	idempotency_key TEXT NOT NULL, 
	request_digest TEXT NOT NULL, 
	form TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	CONSTRAINT pk_batches PRIMARY KEY (id), 
	CONSTRAINT uq_batches_organisation_id_idempotency_key UNIQUE (organisation_id, idempotency_key), 
	CONSTRAINT fk_batches_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id)
);
CREATE TABLE certificates (
	id INTEGER NOT NULL, 
	organisation_id TEXT NOT NULL, 
	batch_id INTEGER NOT NULL, 
	"row" INTEGER NOT NULL, 
	number TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	code TEXT NOT NULL, 
	identity TEXT NOT NULL, 
	token TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	CONSTRAINT pk_certificates PRIMARY KEY (id), 
	CONSTRAINT uq_certificates_code UNIQUE (code), 
	CONSTRAINT uq_certificates_number_version UNIQUE (number, version), 
	CONSTRAINT uq_certificates_batch_id_row UNIQUE (batch_id, "row"), 
	CONSTRAINT fk_certificates_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id), 
	CONSTRAINT fk_certificates_batch_id FOREIGN KEY(batch_id) REFERENCES batches (id)
);
CREATE TABLE holdings (
	identity TEXT NOT NULL, 
	certificate_id INTEGER NOT NULL, 
	CONSTRAINT pk_holdings PRIMARY KEY (identity), 
	CONSTRAINT fk_holdings_certificate_id FOREIGN KEY(certificate_id) REFERENCES certificates (id)
);
CREATE INDEX ix_holdings_certificate_id ON holdings (certificate_id);
CREATE TABLE events (
	certificate_id INTEGER NOT NULL, 
	sequence INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	at TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	reason_class TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	CONSTRAINT pk_events PRIMARY KEY (certificate_id, sequence), 
	CONSTRAINT fk_events_certificate_id FOREIGN KEY(certificate_id) REFERENCES certificates (id)
);
CREATE TABLE documents (
	certificate_id INTEGER NOT NULL, 
	format TEXT NOT NULL, 
	border BOOLEAN NOT NULL, 
	template TEXT NOT NULL, 
	sha256 TEXT NOT NULL, 
	bytes INTEGER NOT NULL, 
	created_at TEXT NOT NULL, 
	CONSTRAINT pk_documents PRIMARY KEY (certificate_id, format, border), 
	CONSTRAINT fk_documents_certificate_id FOREIGN KEY(certificate_id) REFERENCES certificates (id)
);
CREATE INDEX ix_documents_sha256 ON documents (sha256);
CREATE TRIGGER certificates_no_update BEFORE UPDATE ON certificates BEGIN SELECT RAISE(ABORT, 'docgen: records are never changed or deleted'); END;
CREATE TRIGGER certificates_no_delete BEFORE DELETE ON certificates BEGIN SELECT RAISE(ABORT, 'docgen: records are never changed or deleted'); END;
CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'docgen: records are never changed or deleted'); END;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'docgen: records are never changed or deleted'); END;
CREATE TRIGGER documents_no_update BEFORE UPDATE ON documents BEGIN SELECT RAISE(ABORT, 'docgen: records are never changed or deleted'); END;
CREATE TRIGGER documents_no_delete BEFORE DELETE ON documents BEGIN SELECT RAISE(ABORT, 'docgen: records are never changed or deleted'); END;
