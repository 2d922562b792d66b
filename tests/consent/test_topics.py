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
    "最近總是頭痛，應該看哪一科？",
    "Mon médecin m'a donné ce médicament, que faire ?",
    "Ich bin schwanger und habe Fieber.",
    "Tengo fiebre y dolor, ¿qué enfermedad es?",
    "Estou grávida, posso tomar este remédio?",
    "Il mio medico dice che ho una malattia rara.",
    "У меня болит голова, какое лекарство принять?",
    "頭痛がひどいのですが、どの薬を飲めばいいですか",
    "임신 중인데 두통이 심해요",
    "ما هو علاج ضغط الدم؟",
    "मुझे बुखार है, कौन सी दवा लूँ?",
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
    "房東不退押金，要找律師嗎？",
    "Mon propriétaire garde la caution, faut-il un avocat ?",
    "Mein Vermieter hat mir gekündigt, brauche ich einen Anwalt?",
    "¿Necesito un abogado para el despido?",
    "Preciso de um advogado para o divórcio?",
    "Ho bisogno di un avvocato per lo sfratto?",
    "Нужен ли адвокат для развода?",
    "大家さんを訴えるには弁護士が必要ですか",
    "이혼하려면 변호사가 필요한가요?",
    "هل أحتاج إلى محام للطلاق؟",
    "क्या तलाक के लिए वकील चाहिए?",
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
    "Pourquoi le ciel est-il bleu ?",
    "Schreibe ein Gedicht über das Meer bei Nacht.",
    "¿Cómo leo un archivo muy grande con Python?",
    "Me sugira dez nomes para um café.",
    "Perché il mare è salato?",
    "Почему небо голубое?",
    "秋の朝を五文字で表してください",
    "하늘은 왜 파란가요?",
    "لماذا السماء زرقاء؟",
    "आसमान नीला क्यों है?",
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
