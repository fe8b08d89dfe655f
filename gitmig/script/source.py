"""Python source as bytes: encoding, byte order mark and line ends kept apart, so that an edit changes nothing else."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from gitmig.errors import RevisionFileError


@dataclass(frozen=True, slots=True)
class Source:
    """``text`` with the file's own line ends, and how it becomes bytes again."""

    text: str
    encoding: str
    bom: bool

    def encode(self, text: str) -> bytes:
        """``text`` as the file's bytes. Raises UnicodeEncodeError where its encoding lacks a character."""
        return (codecs.BOM_UTF8 if self.bom else b"") + text.encode(self.encoding)

    @property
    def newline(self) -> str:
        """The file's first line end."""
        place = self.text.find("\n")
        if place < 0:
            return "\r" if "\r" in self.text else "\n"
        return "\r\n" if self.text[place - 1 : place] == "\r" else "\n"

    def lines(self) -> list[str]:
        """The lines as Python counts them, each with its line end (form feeds and unicode separators end none)."""
        lines: list[str] = []
        start = 0
        text = self.text
        while start < len(text):
            ends = [place for place in (text.find("\n", start), text.find("\r", start)) if place >= 0]
            if not ends:
                lines.append(text[start:])
                break
            end = min(ends)
            end += 2 if text[end : end + 2] == "\r\n" else 1
            lines.append(text[start:end])
            start = end
        return lines


def decode(content: bytes, path: str) -> Source:
    """``content`` by its own encoding cookie or byte order mark. Raises RevisionFileError."""
    import io
    import tokenize

    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        bom = content.startswith(codecs.BOM_UTF8)
        if bom:
            content, encoding = content[len(codecs.BOM_UTF8) :], "utf-8"
        return Source(content.decode(encoding), encoding, bom)
    except (SyntaxError, UnicodeDecodeError) as error:
        raise RevisionFileError(
            f"{path}: its bytes do not fit its encoding: {error}", "Save it as UTF-8, or correct its coding comment."
        ) from error
