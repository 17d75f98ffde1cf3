"""Make a corpus of realistic raw documents, any size, always the same for the same seed.

    python -m benchmarks.corpus 1000 /tmp/corpus-1000

Vietnamese and English news of 3–6 KB with the dirt of the web on it: mastheads, bylines, datelines, captions, source lines,
comment boxes, teasers. Words, people and institutions are drawn with the skew of real text (few often, many seldom) from
sentences built here; nothing is copied from any article. Two people, one institution and one or two provinces an article:
of 400 real articles of a general newspaper the tagger finds 0.6, 0.8 and 0.5; news on education has more.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

PLACES = (
    ("Hà Nội", "Hanoi"), ("Sơn La", "Son La"), ("Nghệ An", "Nghe An"), ("Hải Phòng", "Hai Phong"), ("Đà Nẵng", "Da Nang"),
    ("Cần Thơ", "Can Tho"), ("Lào Cai", "Lao Cai"), ("Quảng Ninh", "Quang Ninh"), ("Thanh Hóa", "Thanh Hoa"),
    ("Đắk Lắk", "Dak Lak"), ("Bình Dương", "Binh Duong"), ("Hải Dương", "Hai Duong"), ("Cà Mau", "Ca Mau"),
    ("Huế", "Hue"), ("Gia Lai", "Gia Lai"), ("Bắc Giang", "Bac Giang"), ("Tây Ninh", "Tay Ninh"), ("Khánh Hòa", "Khanh Hoa"),
    ("An Giang", "An Giang"), ("Điện Biên", "Dien Bien"), ("Phú Thọ", "Phu Tho"), ("Đồng Nai", "Dong Nai"),
)
OUTLETS = (("baonghean.vn", "Báo Nghệ An"), ("nhandan.vn", "Báo Nhân Dân"), ("kinhtedothi.vn", "Kinhtedothi"),
           ("giaoducthoidai.vn", "GD&TĐ"), ("tienphong.vn", "TPO"), ("laodong.vn", "Lao Động"), ("vov.vn", "VOV.VN"))
TOPICS_VI = (
    ("tuyển sinh lớp 10", "thí sinh", "kỳ thi tốt nghiệp THPT", "điểm chuẩn", "đề thi"),
    ("đội ngũ nhà giáo", "giáo viên dạy giỏi", "biên chế giáo viên", "bồi dưỡng giáo viên", "Luật Nhà giáo"),
    ("khuyến học", "xã hội học tập", "học tập suốt đời", "gia đình học tập", "quỹ khuyến học"),
    ("chuyển đổi số", "học bạ số", "lớp học thông minh", "dạy học trực tuyến", "hồ sơ giáo dục"),
    ("trường chuẩn quốc gia", "cơ sở vật chất", "phòng học", "thiết bị dạy học", "xây trường"),
    ("thi đua yêu nước", "điển hình tiên tiến", "bằng khen", "nhà giáo ưu tú", "tuyên dương"),
    ("nông nghiệp", "xây dựng nông thôn mới", "hợp tác xã", "lúa gạo", "sản phẩm OCOP"),
    ("bệnh viện", "bác sĩ", "tiêm chủng", "bảo hiểm y tế", "phòng dịch"),
)
TOPICS_EN = (
    ("the entrance examination", "candidates", "the high school graduation exam", "benchmark scores", "exam papers"),
    ("the teaching staff", "teacher recruitment", "excellent teachers", "the Law on Teachers", "training of teachers"),
    ("study promotion", "a learning society", "lifelong learning", "learning families", "the promotion of education"),
    ("digital transformation", "digital school records", "smart classrooms", "online teaching", "education data"),
    ("national standards", "school facilities", "classrooms", "teaching equipment", "school construction"),
    ("emulation movements", "outstanding examples", "certificates of merit", "meritorious teachers", "awards"),
    ("agriculture", "new rural areas", "cooperatives", "rice exports", "OCOP products"),
    ("hospitals", "doctors", "vaccination", "health insurance", "epidemic control"),
)
FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô", "Dương", "Lý", "Hồ", "Đinh")
MIDDLE = ("Văn", "Thị", "Minh", "Đức", "Thu", "Quang", "Ngọc", "Thanh", "Hải", "Xuân", "Hữu", "Kim")
GIVEN = ("Hùng", "Lan", "Hà", "Thắng", "Hương", "Huy", "Ánh", "Tùng", "Yến", "Mai", "Sơn", "Long", "Dũng", "Hoa", "Hạnh", "Phúc",
         "Tâm", "Tuấn", "Bình", "Cường", "Nga", "Oanh", "Trang", "Linh", "Vinh", "Khánh", "Nhung", "Thủy", "Đạt", "Kiên", "Loan",
         "Hiền", "Quỳnh", "Thảo", "Toàn", "Trung", "Việt", "Châu", "Giang", "Hằng")
INSTITUTIONS_VI = ("Sở Giáo dục và Đào tạo {0}", "Hội Khuyến học tỉnh {0}", "UBND tỉnh {0}", "Trường THPT {1}", "Đại học {1}")
INSTITUTIONS_EN = ("the Department of Education and Training of {0}", "the Association for Promoting Education of {0}",
                   "{1} High School", "the University of {0}")
DECREES_VI = ("Nghị quyết số 29-NQ/TW", "Thông tư số 30/2024/TT-BGDĐT", "Quyết định số 387/QĐ-TTg", "Chỉ thị số 11-CT/TW")
DECREES_EN = ("Resolution No. 29-NQ/TW", "Circular No. 30/2024/TT-BGDDT", "Decision No. 387/QD-TTg", "Directive No. 11-CT/TW")
ONSETS = ("b", "c", "ch", "d", "đ", "g", "h", "kh", "l", "m", "n", "ng", "nh", "ph", "q", "r", "s", "t", "th", "tr", "v", "x")
RIMES = ("a", "an", "anh", "ao", "âm", "ân", "ất", "âu", "ê", "ên", "ế", "iên", "iệt", "inh", "o", "oan", "oi", "ông", "ở", "ời", "u",
         "uân", "ung", "ươi", "ường", "ướng", "ý", "yên", "ắt", "ặng", "ập")
SYLLABLES = tuple(
    first + middle for first in ONSETS
    for middle in RIMES
)
CONSONANTS, VOWELS = "bcdfghklmnprstvw", "aeiou"


def document(number: int, seed: int = 20261122) -> tuple[str, str]:
    """The `number`-th raw document: its file name and its text. Depends on nothing but the two numbers."""
    rng = random.Random(seed * 1_000_003 + number)
    vietnamese = rng.random() < 0.6
    text = _vietnamese(rng) if vietnamese else _english(rng)
    return f"{number:06}_{rng.getrandbits(64):016x}.txt", text


def documents(count: int, seed: int = 20261122) -> Iterator[tuple[str, str]]:
    return (document(number, seed) for number in range(count))


def write(count: int, folder: Path, seed: int = 20261122) -> None:
    """Write `count` documents, 1,000 to a folder."""
    for number, (name, text) in enumerate(documents(count, seed)):
        below = folder / f"{number // 1000:03}"
        if number % 1000 == 0:
            below.mkdir(parents=True, exist_ok=True)
        (below / name).write_text(text, encoding="utf-8")


def _zipf(rng: random.Random, count: int) -> int:
    """An index below `count`, small ones far more often: the rank of a word in running text."""
    return min(int(count ** rng.random()) - 1, count - 1)


def _rare_vi(rng: random.Random) -> str:
    return f"{SYLLABLES[_zipf(rng, len(SYLLABLES))]} {SYLLABLES[_zipf(rng, len(SYLLABLES))]}"


def _rare_en(rng: random.Random) -> str:
    state = random.Random(_zipf(rng, 60_000))
    return "".join(state.choice(CONSONANTS) + state.choice(VOWELS) for _ in range(state.randint(2, 4)))


def _name(rng: random.Random) -> str:
    """One of 6,720 people, the first of them far more often."""
    number = _zipf(rng, len(FAMILY) * len(MIDDLE) * len(GIVEN))
    return f"{FAMILY[number % 14]} {MIDDLE[number // 14 % 12]} {GIVEN[(number // 7 + number) % 40]}"


def _subject(rng: random.Random, place: str, institutions: tuple[str, ...], titles: tuple[str, ...]) -> str:
    """Who says or does it: now and then a person or an institution, mostly nobody in particular ("")."""
    drawn = rng.random()
    if drawn < 0.07:
        return f"{rng.choice(titles)} {_name(rng)}"
    return rng.choice(institutions).format(place, _name(rng)) if drawn < 0.11 else ""


def _date(rng: random.Random) -> tuple[int, int, int]:
    return rng.randint(2015, 2026), rng.randint(1, 12), rng.randint(1, 28)


def _vietnamese(rng: random.Random) -> str:
    place, _ = rng.choice(PLACES)
    domain, outlet = rng.choice(OUTLETS)
    terms = TOPICS_VI[_zipf(rng, len(TOPICS_VI))]
    year, month, day = _date(rng)
    title = f"{place}: {rng.choice(terms).capitalize()} và {_rare_vi(rng)} năm {year}"
    paragraphs = []
    other, _ = rng.choice(PLACES)
    for _ in range(rng.randint(7, 13)):
        paragraphs.append(" ".join(_sentence_vi(rng, terms, other if rng.random() < 0.1 else place) for _ in range(rng.randint(3, 5))))
    paragraphs[0] = f"{outlet} - Ngày {day}/{month}/{year}, tại {place}, {paragraphs[0][0].lower()}{paragraphs[0][1:]}"
    dated = f"{day:02}/{month:02}/{year} {rng.randint(6, 20):02}:{rng.randint(0, 59):02}" if rng.random() < 0.9 else "Thời sự"
    lines = ["Đăng nhập|Đăng ký", "", title, "", dated, "",
             *(line for paragraph in paragraphs for line in (paragraph, ""))]
    if rng.random() < 0.5:
        lines[8:8] = [f"Quang cảnh hội nghị. Ảnh: {_name(rng)}", ""]
    lines += [_name(rng), "", f"Nguồn: https://{domain}/tin-{rng.getrandbits(32)}.html", "", "BÌNH LUẬN (0)", "", "Tin mới",
              f"{rng.choice(PLACES)[0]} {_rare_vi(rng)}", "Đọc nhiều"]
    return "\n".join(lines)


_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


def _sentence_vi(rng: random.Random, terms: tuple[str, ...], place: str) -> str:
    who = _subject(rng, place, INSTITUTIONS_VI, ("Ông", "Bà"))
    begin = f"{who} cho biết {rng.choice(terms)}" if who else rng.choice(terms).capitalize()
    where = f"tại {rng.choice(('tỉnh', 'địa phương'))} {place}" if rng.random() < 0.3 else f"ở {_rare_vi(rng)}"
    law = f" theo {rng.choice(DECREES_VI)}" if rng.random() < 0.01 else ""
    return (f"{begin} {where} {_rare_vi(rng)} {_rare_vi(rng)} với {rng.randint(2, 900)} {rng.choice(terms)} và {_rare_vi(rng)} trong năm "
            f"học này{law}.")


def _sentence_en(rng: random.Random, terms: tuple[str, ...], place: str) -> str:
    who = _subject(rng, place, INSTITUTIONS_EN, ("Mr.", "Ms."))
    begin = f"According to {who}, {rng.choice(terms)}" if who else rng.choice(terms).capitalize()
    where = f"in {place} province" if rng.random() < 0.3 else f"near {_rare_en(rng)}"
    law = f" under {rng.choice(DECREES_EN)}" if rng.random() < 0.01 else ""
    return (f"{begin} {where} {_rare_en(rng)} {_rare_en(rng)} with {rng.randint(2, 900)} {rng.choice(('schools', 'communes', 'projects'))} "
            f"and {rng.choice(terms)} for {_rare_en(rng)} in this school year{law}.")


def _english(rng: random.Random) -> str:
    _, place = rng.choice(PLACES)
    domain, _ = rng.choice(OUTLETS)
    terms = TOPICS_EN[_zipf(rng, len(TOPICS_EN))]
    year, month, day = _date(rng)
    title = f"{place} promotes {rng.choice(terms)} and {_rare_en(rng)} in {year}"
    paragraphs = []
    _, other = rng.choice(PLACES)
    for _ in range(rng.randint(6, 11)):
        paragraphs.append(" ".join(_sentence_en(rng, terms, other if rng.random() < 0.1 else place) for _ in range(rng.randint(3, 5))))
    paragraphs[0] = f"On {_MONTHS[month - 1]} {day}, {year}, {paragraphs[0]}"
    lines = ["Vietnam.vn - Nền tảng quảng bá Việt Nam", "", "Độc lập - Tự do - Hạnh phúc", "", title, "",
             f"Việt NamViệt Nam{day:02}/{month:02}/{year}", "", *(line for paragraph in paragraphs for line in (paragraph, "")),
             f"Source: https://{domain}/post-{rng.getrandbits(32)}.html", "", "Comment (0)", "", "No data", "Same category", "",
             f"{rng.choice(PLACES)[1]} {_rare_en(rng)} {_rare_en(rng)}", "", "No videos available"]
    return "\n".join(lines)


if __name__ == "__main__":
    write(int(sys.argv[1]), Path(sys.argv[2]))
