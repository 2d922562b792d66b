"""The letter that brings a sign-in link, in the language of the page on which it was asked for."""

import unicodedata
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr
from typing import Literal

from evenhand.accounts.links import VALID

Language = Literal["en", "zh"]

_MINUTES = int(VALID.total_seconds()) // 60
_SUBJECTS: dict[Language, str] = {"en": "Sign in to {name}", "zh": "登录{spaced}"}
_TEXTS: dict[Language, str] = {
    "en": """\
Hello,

this link signs you in to {name}:

{link}

It works once, within {minutes} minutes. Best open it in the browser in which you
asked for it: your chats there come along.

If you did not ask for it, you need not do anything: without the link nobody
gets in. Please do not pass it on.
""",
    "zh": """\
你好：

点击下面的链接即可登录{spaced}：

{link}

链接在 {minutes} 分钟内有效，只能使用一次。建议在申请链接的那个浏览器中打开，
你在那里的对话会一并带入账户。

如果你没有申请登录，无需理会：没有这个链接，谁也无法登录。请不要把它转发给他人。
""",
}


@dataclass(frozen=True)
class Letter:
    """A sign-in link on its way to somebody; `name` is what the arena calls itself."""

    to: str
    language: Language
    link: str
    name: str

    def message(self, sender: str) -> EmailMessage:
        """The letter as a mail from `sender`, an address with or without a name before it."""
        shown, address = parseaddr(sender)
        words = {"name": self._name(), "spaced": self._spaced(), "link": self.link, "minutes": _MINUTES}
        message = EmailMessage()
        message["From"] = Address(shown or self._name(), addr_spec=address)
        message["To"] = Address(addr_spec=self.to)
        message["Subject"] = _SUBJECTS[self.language].format(**words)
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain=domain_of(sender))
        message["Content-Language"] = {"en": "en", "zh": "zh-Hans"}[self.language]
        message["Auto-Submitted"] = "auto-generated"  # so that no holiday reply comes back
        message.set_content(_TEXTS[self.language].format(**words))
        return message

    def line(self) -> str:
        """The letter as a line on a console."""
        return f"Sign-in link for {self.to}, for {_MINUTES} minutes: {self.link}"

    def _name(self) -> str:
        name = " ".join(self.name.split())  # a line feed would begin another header
        return "举手" if (name, self.language) == ("Evenhand", "zh") else name

    def _spaced(self) -> str:
        """The name after a Chinese word: a space parts scripts, none parts Chinese from Chinese."""
        name = self._name()
        return name if unicodedata.east_asian_width(name[:1] or " ") in "WF" else f" {name}"


def domain_of(sender: str) -> str:
    """The domain of an address that may have a name before it."""
    return parseaddr(sender)[1].rpartition("@")[2]
