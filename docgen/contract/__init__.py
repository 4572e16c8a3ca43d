"""The template contract: what a template may say, proven against the form before anything is rendered with it."""

from docgen.contract.checking import check_file, check_word

__all__ = ["check_file", "check_word"]
