"""The use cases of certificates: record, release, print, correct, end, and verify before the public.

Records first, documents second: one transaction decides numbers, codes and signatures; what follows can be repeated.
"""
