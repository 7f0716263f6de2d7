"""One sentence in each script, and a sheet of them to look at: python -m tests.picture.scripts OUT.png.

The sentences are our own. CJK needs the extra "cjk", which the dev extra brings.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image, ImageDraw

from clipper.picture.text import Face, draw_block, fit
from clipper.resources import fonts_dir

BOLD = Face(fonts_dir() / "inter" / "InterDisplay-ExtraBold.otf")
SENTENCES = {
    "Latin": "Żółć, Ångström and ‘naïve façades’: why bells sound sad – ẾỘ",
    "Vietnamese": "Tiếng chuông nghe buồn vì những quãng ba thứ",
    "Greek": "Γιατί οι καμπάνες ακούγονται λυπημένες στον γάμο;",
    "Cyrillic": "Почему колокола звучат грустно: їжак, ґанок, Ђорђе",
    "Arabic": "لماذا تبدو الأجراس حزينة في 3 حفلات من OpenAir 2024؟",
    "Hebrew": "למה פעמונים נשמעים עצובים (ב-3 חתונות) לפי ג'ון Smith?",
    "Devanagari": "शादी में घंटियाँ उदास क्यों लगती हैं? क्षत्रिय स्त्री",
    "Bengali": "বিয়েতে ঘণ্টা কেন বিষণ্ণ শোনায়? ক্ষুদ্র শক্তি",
    "Tamil": "திருமணத்தில் மணிகள் ஏன் சோகமாக ஒலிக்கின்றன?",
    "Thai": "ทำไมเสียงระฆังถึงฟังดูเศร้าในงานแต่งงานของเพื่อนที่กรุงเทพ",
    "Chinese": "为什么婚礼上的钟声听起来很悲伤？我们问了三位铸钟师，答案出人意料。",
    "Traditional": "為什麼婚禮上的鐘聲聽起來很悲傷？我們問了三位鑄鐘師。",
    "Japanese": "結婚式の鐘はなぜ悲しく聞こえるのか。「音」の秘密を、3人の職人に聞きました。",
    "Korean": "결혼식 종소리는 왜 슬프게 들릴까요? 세 명의 장인에게 물었습니다.",
    "Emoji": "Bells 🔔 make us 😢 or 🥳 👩‍👩‍👧‍👦 👍🏽 🇩🇪🏴󠁧󠁢󠁳󠁣󠁴󠁿 ❤️ 1️⃣ 👨🏿‍💻",
    "Mixed": "Tokyo 東京, القاهرة and กรุงเทพ on one line with हिन्दी 🎉",
}
_LABEL = Face(fonts_dir() / "inter" / "Inter-Medium.otf")


def sheet(size: int = 46, width: int = 560, height: int = 190, columns: int = 2) -> Image.Image:
    """All sentences, each in a box of its own."""
    rows = -(-len(SENTENCES) // columns)
    out = Image.new("RGB", (columns * (width + 30) + 10, rows * (height + 40) + 10), (60, 66, 78))
    draw = ImageDraw.Draw(out)
    for i, (name, text) in enumerate(SENTENCES.items()):
        left, top = 20 + i % columns * (width + 30), 34 + i // columns * (height + 40)
        draw.rectangle((left, top, left + width, top + height), fill=(20, 24, 32))
        _LABEL.at(18).draw(out, (left, top - 8), name, (200, 205, 215))
        block = fit(text, BOLD, width, height, size, size * 0.5, 3)
        patch = draw_block(block, (255, 255, 255, 255), "left", "middle")
        out.paste(patch, (left, top), patch)
    return out


if __name__ == "__main__":
    sheet().save(Path(sys.argv[1] if len(sys.argv) > 1 else "scripts.png"))
