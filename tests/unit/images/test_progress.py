import io

from images.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_pipe_hears_of_each_part_and_then_every_few_seconds() -> None:
    out, clock = io.StringIO(), [0.0]
    tell = Progress(out, lambda: clock[0])
    for text, seconds in (("a: 1", 0), ("a: 2", 1), ("b: 1", 2), ("b: 2", 11)):
        clock[0] = float(seconds)
        tell(text)
    assert out.getvalue() == "a: 1\nb: 1\n"
    clock[0] = 12.0
    tell("b: 4")
    assert out.getvalue() == "a: 1\nb: 1\nb: 4\n"


def test_a_terminal_shows_one_line_for_each_part() -> None:
    out = Terminal()
    tell = Progress(out)
    for text in ("a: 10", "a: 2", "b: 1"):
        tell(text)
    assert out.getvalue() == "a: 10\ra: 2 \nb: 1"
