"""What a question seems to be about. Provisional: sentences of our own, and the list must find every one."""

import pytest

from evenhand.consent.topics import Topic, topics_of

HEALTH = [
    "Can I take ibuprofen while I am pregnant?",
    "My doctor found a lump, should I be worried?",
    "What are the side effects of this medication?",
    "I have felt depressed for months and cannot sleep",
    "Is a fever of 39 dangerous for a child?",
    "我最近总是头疼，应该看什么科？",
    "这个药可以和酒一起吃吗",
    "孕妇能不能喝咖啡？",
    "母亲被诊断为糖尿病，饮食要注意什么？",
    "失眠好几个月了，怎么办",
]
LAW = [
    "My landlord wants to keep the deposit, what can I do?",
    "How do I get divorced if my wife disagrees?",
    "Can they SUE me for that?",
    "Do I need a lawyer for a will?",
    "I was arrested last night. What now?",
    "公司违法辞退我，能要求赔偿吗？",
    "离婚后孩子的抚养权归谁？",
    "房东不退押金怎么办",
    "怎样写一份有效的遗嘱？",
    "被人起诉了要请律师吗",
]
NEITHER = [
    "Why is the sky blue?",
    "Write a sonnet about the sea at night.",
    "Prove that the square root of two is irrational.",
    "How do I reverse a linked list in Rust?",
    "Translate this into French: the train is late.",
    "Plan three days in Lisbon with two children.",
    "天空为什么是蓝色的？",
    "用五个字形容秋天的早晨",
    "怎么用 Python 读取一个很大的文件？",
    "给一家咖啡馆起十个名字",
]


@pytest.mark.parametrize(
    ("question", "topics"),
    [
        *((one, ["health"]) for one in HEALTH),
        *((one, ["law"]) for one in LAW),
        *((one, []) for one in NEITHER),
    ],
)
def test_a_question_is_about(question: str, topics: list[Topic]) -> None:
    assert topics_of([question]) == topics


def test_it_may_be_about_both_and_in_any_of_its_parts() -> None:
    assert topics_of(["Hello", "After the surgery", "I want to sue the hospital"]) == ["health", "law"]


def test_words_count_whole_and_signs_anywhere() -> None:
    assert topics_of(["They sued us"]) == ["law"]
    assert topics_of(["The issue is a pursuit of courtesy and rashness"]) == []
    assert topics_of(["头HIV感染"]) == ["health"]
