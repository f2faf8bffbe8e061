"""Pages to load the pipeline with: generated ones, shaped as news sites shape theirs, or those of a folder."""
import gzip
import hashlib
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))

from newsroom_generator import generated_page, headline, paragraphs  # noqa: E402

GENERATED = 200
SUFFIXES = (".html", ".html.gz")


def _links(number, count):
    return "\n".join(f'<li class="nav-item"><a class="nav-link" href="/topic/{number}/{n}">Topic {n}</a></li>'
                     for n in range(count))


def _teaser(number):
    return (f'<div class="card teaser"><a href="/generated/{number}"><picture><source type="image/webp" '
            f'srcset="/images/{number}-320.webp 320w, /images/{number}-640.webp 640w"><img loading="lazy" width="320" '
            f'height="180" src="/images/{number}-320.jpg" alt=""></picture><h3 class="card-title">{headline(number)}</h3>'
            f'</a><p class="card-text">{paragraphs(number)[0][:120]}...</p></div>')


def _script(number, functions):
    """Of no two pages the same, as minified bundles with their state are."""
    lines = []
    for n in range(functions):
        word = hashlib.sha256(f"{number}/{n}".encode()).hexdigest()
        lines.append(f'function _{word[:6]}(e,t){{var n=t||window.dataLayer||[];if(!e||n.length>{n})return"{word}";'
                     f'n.push({{event:"view",id:"{word[6:18]}",at:Date.now()}});return _{word[:6]}.call(this,n[0],e)}}')
    return "<script>" + "\n".join(lines) + "</script>"


def _generated(number):
    """About 100 kB, of which some 6 kB are the article's text."""
    page = generated_page(number, "https://news.example").decode()
    more = "\n".join(f"<p>{text}</p>" for n in range(2) for text in paragraphs(1_000_000 + 10 * number + n))
    teasers = "\n".join(_teaser(2_000_000 + 50 * number + n) for n in range(45))
    style = "<style>" + "".join(f".c{n}{{margin:{n % 7}px;padding:0 {n % 5}px;color:#{n * 997 % 0xffffff:06x}}}\n"
                                for n in range(250)) + "</style>"
    page = page.replace("</head>", style + _script(number, 130) + "</head>")
    page = page.replace("<nav>", f'<header><nav><ul class="nav">{_links(number, 90)}</ul>')
    page = page.replace("</nav>", "</nav></header>")
    page = page.replace("\n</div></article>", f"\n{more}\n</div></article>")
    page = page.replace("<footer>", f'<section class="more"><h2>More news</h2>{teasers}</section><footer><ul>'
                                    f"{_links(number, 60)}</ul>")
    return page.encode()


def pages(folder=None):
    """URLs with bodies: of all HTML files below the folder, or generated."""
    if folder is None:
        return [(f"https://news.example/generated/{n}", _generated(n)) for n in range(GENERATED)]
    found = []
    for path in sorted(Path(folder).rglob("*")):
        if path.name.endswith(SUFFIXES):
            body = path.read_bytes()
            found.append((f"https://news.example/{path.name.split('.')[0]}", gzip.decompress(body) if path.suffix == ".gz" else body))
    if not found:
        raise ValueError(f"{folder} has no file that ends in {' or '.join(SUFFIXES)}")
    return found
