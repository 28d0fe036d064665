"""The lifecycle marks of a document as it is, under the rules of governance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.govern.lifecycle.around import DocumentsAround
from treaty.govern.lifecycle.marks import mark_problems
from treaty.govern.lifecycle.replacement import Replacements
from treaty.govern.lifecycle.survey import Survey
from treaty.govern.lint.rule import Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.govern.lint.document import LintDocument


def lifecycle(document: LintDocument) -> Iterator[Violation]:
    """What is wrong with the lifecycle marks; each violation carries the rule of governance it breaks."""
    context = document.context
    survey = Survey(document.side, document.version)
    around = DocumentsAround(context.policy, context.library, context.paths, context.prefix)
    replacements = Replacements(survey, document.contract.name, around)
    for marked in mark_problems(survey, context.policy.lifecycle, replacements, context.today):
        problem = marked.problem
        yield Violation(marked.place.name, problem.location, problem.message, None, problem.advice, problem.rule)
