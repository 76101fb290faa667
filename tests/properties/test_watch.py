"""Whatever is cut off wherever, and however streams interleave: nothing lost, nothing repeated, order kept."""

from __future__ import annotations

from collections import Counter
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from watch.cursor import OVERLAP, SECOND, Cursor
from watch.entry import Entry, moment, stamp
from watch.lines import Lines
from watch.merge import Merge

BASE = 1_700_000_000 * SECOND
steps = st.tuples(st.integers(min_value=0, max_value=3 * SECOND), st.integers(min_value=0, max_value=OVERLAP))
logs = st.lists(st.tuples(steps, st.sampled_from(["a", "b"])), max_size=40)
cuts = st.lists(st.integers(min_value=0, max_value=45), max_size=8)


def written(drawn: list[tuple[tuple[int, int], str]]) -> list[tuple[int, str]]:
    """Return a log: times go on, or run back by less than the overlap; lines may be alike."""
    latest, log = BASE, []
    for (ahead, back), text in drawn:
        latest += ahead
        log.append((latest - back, text))
    return log


def sent(log: list[tuple[int, str]], since: int | None) -> list[tuple[int, str]]:
    """Return what an engine sends: all of its log that isn't older than `since`, in the order it was written."""
    return [line for line in log if since is None or line[0] >= since * SECOND]


def read(log: list[tuple[int, str]], lengths: list[int], cursor: Cursor) -> list[tuple[int, str]]:
    """Read a log over connections that end after so many lines, and one that doesn't."""
    found = []
    for length in [*lengths, len(log)]:
        found += [line for line in sent(log, cursor.resume())[:length] if cursor.is_new(*line)]
    return found


@given(logs, cuts)
def test_a_log_read_over_any_cuts_is_the_log(drawn: list[tuple[tuple[int, int], str]], lengths: list[int]) -> None:
    log = written(drawn)
    assert read(log, lengths, Cursor()) == log


@given(logs, cuts)
def test_what_is_written_between_two_connections_is_read_by_the_next(
    drawn: list[tuple[tuple[int, int], str]], lengths: list[int]
) -> None:
    log, cursor, found = written(drawn), Cursor(), []
    for end in [*sorted(lengths), len(log)]:
        found += [line for line in sent(log[:end], cursor.resume()) if cursor.is_new(*line)]
    assert found == log


arrivals = st.lists(
    st.tuples(
        st.sampled_from(["one", "two", "three"]),
        st.integers(min_value=0, max_value=5 * SECOND),
        st.floats(min_value=0, max_value=2, allow_nan=False),
        st.booleans(),
    ),
    max_size=60,
)


def entries(drawn: list[tuple[str, int, float, bool]]) -> list[Entry]:
    return [Entry(at, "n", source, "", str(number)) for number, (source, at, _, _) in enumerate(drawn)]


@given(arrivals)
def test_merged_streams_lose_and_repeat_nothing_and_each_keeps_its_order(
    drawn: list[tuple[str, int, float, bool]],
) -> None:
    merge, now, found = Merge(1.0), 0.0, []
    given_in = entries(drawn)
    for entry, (_, _, pause, looked) in zip(given_in, drawn, strict=True):
        now += pause
        merge.put(entry, now)
        found += merge.due(now) if looked else []
    found += merge.rest()
    assert Counter(each.text for each in found) == Counter(each.text for each in given_in)
    for source in ("one", "two", "three"):
        assert [e for e in found if e.source == source] == [e for e in given_in if e.source == source]


@given(arrivals)
def test_what_comes_within_the_window_comes_out_in_order_of_time(drawn: list[tuple[str, int, float, bool]]) -> None:
    merge = Merge(1.0)
    ordered: dict[str, int] = {}
    for entry in entries(drawn):
        at = ordered[entry.source] = max(entry.at, ordered.get(entry.source, 0))
        merge.put(Entry(at, "n", entry.source, "", entry.text), 0.0)
    assert merge.due(0.9) == []
    found = merge.due(1.0)
    assert [each.at for each in found] == sorted(each.at for each in found)
    assert len(found) == len(drawn)
    assert merge.rest() == []


@given(st.lists(st.tuples(logs, cuts), max_size=4), st.randoms(use_true_random=False))
def test_logs_of_several_nodes_over_any_cuts_and_in_any_interleaving_are_all_there_once_and_in_their_order(
    drawn: list[tuple[list[tuple[tuple[int, int], str]], list[int]]], luck: Random
) -> None:
    whole = {str(number): written(each) for number, (each, _) in enumerate(drawn)}
    waiting = {name: read(whole[name], lengths, Cursor()) for name, (_, lengths) in zip(whole, drawn, strict=False)}
    waiting = {name: list(lines) for name, lines in waiting.items() if lines}
    merge, now, found = Merge(1.0), 0.0, []
    while waiting:
        name = luck.choice(sorted(waiting))
        at, text = waiting[name].pop(0)
        merge.put(Entry(at, "n", name, "", text), now)
        now += luck.choice([0.0, 0.4, 3.0])
        found += merge.due(now)
        waiting = {each: lines for each, lines in waiting.items() if lines}
    found += merge.rest()
    for name, log in whole.items():
        assert [(each.at, each.text) for each in found if each.source == name] == log


@given(st.integers(min_value=0, max_value=4 * 10**18))
def test_a_time_survives_its_text(at: int) -> None:
    assert moment(stamp(at)) == at


@given(st.lists(st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"])), max_size=10), st.data())
def test_lines_cut_into_any_pieces_are_the_lines(texts: list[str], data: st.DataObject) -> None:
    """As the engine cuts: each piece with its time before it."""
    lines, found = Lines(), []
    for number, text in enumerate(texts):
        raw, time = f"{text}\n".encode(), stamp(BASE + number).encode()
        cut = data.draw(st.integers(min_value=1, max_value=len(raw)))
        pieces = [raw[:cut], raw[cut:]] if cut < len(raw) else [raw]
        found += [line for piece in pieces for line in lines.feed(time + b" " + piece)]
    assert found == [(BASE + number, text) for number, text in enumerate(texts)]
    assert lines.rest() == []
