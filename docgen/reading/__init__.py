"""Reading filled forms back: a Word or Excel file that a unit filled in becomes the submission again."""

from docgen.reading.reader import read_excel, read_word
from docgen.reading.result import ForeignFileError, How, Reading, ReadingProblem

__all__ = ["ForeignFileError", "How", "Reading", "ReadingProblem", "read_excel", "read_word"]
