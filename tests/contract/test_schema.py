"""Whatever is asked of any route, by whomever, is answered as the OpenAPI document says, never by a fault.

The questions are schemathesis's: what the document allows, and what it forbids. A share of them names things
that exist. They are the same in every run; `EVENHAND_TEST_SIZES=full` asks many more.
"""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import APIOperation, Case, CheckContext, GenerationMode, Response
from schemathesis.checks import not_a_server_error
from schemathesis.config import ProjectConfig, ProjectsConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from evenhand.accounts import limits
from evenhand.accounts.passkeys import challenges
from evenhand.app.problems import PROBLEM_MEDIA_TYPE
from evenhand.core.clock import now
from tests.contract.people import MODERATOR, PROVIDER, Known, People, Person, names_in
from tests.contract.walk import routes
from tests.support.arena import Arena, running_arena
from tests.support.elsewhere import sign_in_file
from tests.support.fake_issuer import CLIENT, SECRET, fake_issuer

EXAMPLES = {"small": 3, "full": 150}[os.environ.get("EVENHAND_TEST_SIZES", "small")]
"""Questions of each kind, allowed and forbidden, that each asks of each route."""
ANY_NUMBER = 1 << 30
LONGEST_HEAD = 65_536
"""Bytes of an address and headers, beyond which the HTTP server refuses a request before we see it."""
SPENDS = re.compile("^DELETE |/sign-|/passkeys|/vote$|/guess|/retry$")
"""What takes something from whoever asks, makes somebody else of them, or needs what has just happened."""


def no_fault_of_ours(ctx: CheckContext, response: Response, case: Case[Any]) -> None:
    """What cannot be done at the moment is said so, with when to try again."""
    if response.status_code != 503 or not response.headers.get("retry-after"):
        not_a_server_error(ctx, response, case)


CHECKS = [
    no_fault_of_ours,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]


@st.composite
def naming(draw: st.DrawFn, questions: st.SearchStrategy[Case[Any]], known: Known, fitting: Known) -> Any:
    """A question, in which most of what could name something that exists does."""
    case = draw(questions)
    assert case.meta is not None, "it was generated"
    if case.meta.generation.mode.is_positive and isinstance(case.body, dict):
        for name in sorted(fitting.keys() - case.path_parameters.keys()):
            case.body.setdefault(name, fitting[name][0])
    # What is forbidden stays as it is; what is allowed beside it leads to where it is read.
    allowed = (
        case.get_container(place) for place, how in case.meta.components.items() if how.mode.is_positive
    )
    for container, name, values in names_in(allowed, known):
        # The first and simplest question names everything that it can.
        if draw(st.integers(0, 3)) < 3:
            container[name] = draw(st.sampled_from(values))
    return case


class Asker:
    """Asks everything, and keeps what is wrong with the answers."""

    def __init__(self, document: dict[str, Any], people: People, loop: asyncio.AbstractEventLoop) -> None:
        self._people = people
        self._loop = loop
        # Of a stream of events one is read: it does not end by itself.
        bounded = ProjectsConfig(default=ProjectConfig(max_stream_events=1))
        self._document = schemathesis.openapi.from_dict(
            document, config=schemathesis.Config(projects=bounded)
        )
        self._http = requests.Session()
        self._http.trust_env = False
        self.faults: dict[tuple[str, str], str] = {}
        self.answered: dict[str, set[int]] = {}

    def ask_everything(self) -> None:
        people = {
            make: self._made(make) for make in (self._people.stranger, self._people.guest, self._people.voter)
        }
        for found in self._document.get_all_operations():
            operation = found.ok()
            self.answered[operation.label] = set()
            own = {
                make: self._made(make) if SPENDS.search(operation.label) else one
                for make, one in people.items()
            }
            for mode in GenerationMode:
                questions = operation.as_strategy(generation_mode=mode)
                with suppress(Unsatisfiable):  # where nothing is given, nothing is forbidden
                    for person in own.values():
                        self._ask(operation, questions, person)

    def _made(self, make: Callable[[], Awaitable[Person]]) -> Person:
        return asyncio.run_coroutine_threadsafe(make(), self._loop).result(60)

    def _ask(self, operation: APIOperation, questions: st.SearchStrategy[Case[Any]], person: Person) -> None:
        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(naming(questions, *person.known_for(operation.label)))
        def ask(case: Case[Any]) -> None:
            self._http.cookies.clear()
            response = case.call(self._people.origin, self._http, cookies=person.cookies, timeout=20)
            if len(response.request.url or "") > LONGEST_HEAD:
                assert response.status_code == 400
                return
            self.answered[operation.label].add(response.status_code)
            try:
                case.validate_response(response, checks=CHECKS)
            except FailureGroup as group:
                for failure in group.exceptions:
                    self.faults.setdefault((operation.label, type(failure).__name__), str(group))

        ask()


@pytest.fixture
async def asker(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Asker]:
    """What asks in an arena of everything, where no limit keeps it from being answered."""
    monkeypatch.setenv("COMPANY_SECRET", SECRET)
    monkeypatch.setattr(challenges, "OPEN_AT_ONCE", ANY_NUMBER)
    for name in ("WRONG_TRIES", "FLOWS", "LINKS_PER_EMAIL", "LINKS_IN_ALL"):
        monkeypatch.setattr(limits, name, ANY_NUMBER)
    generous = {
        "guest_turns_per_hour": ANY_NUMBER,
        "guest_turns_at_once": ANY_NUMBER,
        "sign_in_links_per_hour": ANY_NUMBER,
        "moderators": MODERATOR,
    }
    said: asyncio.Queue[str] = asyncio.Queue()
    async with fake_issuer(now) as issuer:
        provider = {
            "slug": PROVIDER,
            "name": "First",
            "issuer": issuer.url,
            "client_id": CLIENT,
            "client_secret_env": "COMPANY_SECRET",
        }
        file = sign_in_file(tmp_path, provider)
        async with running_arena(database_url, say=said.put_nowait, sign_in_file=file, **generous) as arena:
            people = People(arena, said)
            await people.enter()
            document = (await arena.voter().call("GET", "/openapi.json")).body
            yield Asker(document, people, asyncio.get_running_loop())


async def test_whatever_is_asked_is_answered_as_the_document_says(asker: Asker) -> None:
    await asyncio.to_thread(asker.ask_everything)
    assert not asker.faults, "\n\n".join(asker.faults.values())
    never = [route for route, codes in asker.answered.items() if all(code >= 400 for code in codes)]
    assert not never, f"nobody ever got what they asked for of {never}"


async def test_what_the_document_does_not_name_is_refused_as_a_problem(arena: Arena) -> None:
    document = (await arena.voter().call("GET", "/openapi.json")).body
    for path, named in document["paths"].items():
        for method in {"get", "put", "post", "patch", "delete"} - named.keys():
            answered = await arena.voter().call(method.upper(), path.removeprefix("/api/v1"))
            # Where another address is meant by it, that one says what is wrong with it.
            assert answered.status in (403, 404, 405, 422), f"{method} {path}"
            assert answered.headers["Content-Type"] == PROBLEM_MEDIA_TYPE


async def test_no_route_changes_anything_for_another_site(arena: Arena) -> None:
    document = (await arena.voter().call("GET", "/openapi.json")).body
    for path, method in routes(document):
        if method == "GET":
            continue
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
            answered = await arena.voter().call(method, path.removeprefix("/api/v1"), headers=headers)
            assert (answered.status, answered.body["code"]) == (403, "cross_site"), f"{method} {path}"
