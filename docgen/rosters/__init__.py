"""Rosters: an Excel list as people fill it becomes the rows of an order, and every row is accounted for."""

from docgen.rosters.doubts import Known
from docgen.rosters.judging import check, order_of, problems_of
from docgen.rosters.reader import read
from docgen.rosters.report import Result, report
from docgen.rosters.roster import Fate, Place, Problem, Roster, Row, Tally
from docgen.rosters.template import template

__all__ = [
    "Fate",
    "Known",
    "Place",
    "Problem",
    "Result",
    "Roster",
    "Row",
    "Tally",
    "check",
    "order_of",
    "problems_of",
    "read",
    "report",
    "template",
]
