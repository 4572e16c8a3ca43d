"""Stamping: a certificate's template is laid out once by WeasyPrint, and each certificate only adds its own words.

``tracing`` runs a template on values that remember their names, ``laying`` lets WeasyPrint lay it out and reads from
its ``boxes`` where words stand, ``design`` says what was read, ``setting`` and ``breaking`` set the words, ``fount``
cuts the faces down, ``writing`` puts a PDF together, ``merging`` many certificates in one; ``proving`` compares with
WeasyPrint, ``stamping`` decides which way a certificate goes.

Whatever a template does that this cannot follow goes through WeasyPrint, as every other form does.
"""
