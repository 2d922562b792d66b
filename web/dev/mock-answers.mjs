// Two answers that use what answers use: headings, lists, code, tables, formulas, emphasis in Chinese.

export const REASONING =
  "The question asks for a comparison. I should say first what matters, then give an example, and be honest about what I do not know. Let me check the arithmetic: 5 + 10 = 15, so the prices in the example are right.";

const A = `The short answer: **sunlight is scattered by air molecules**, and blue light is scattered most.

## Why blue

Scattering by particles much smaller than the wavelength grows with the fourth power of the frequency, so

$$I \\propto \\frac{1}{\\lambda^4}$$

With $\\lambda_{blue} \\approx 450$ nm and $\\lambda_{red} \\approx 700$ nm the ratio is

\\[
\\left(\\frac{700}{450}\\right)^4 \\approx 5.9
\\]

1. Blue is scattered about **six times** as strongly as red.
2. Violet is scattered more still, but the sun sends less of it, and our eyes see it less well.
3. At sunset the path is longer; what is left is red.

\`\`\`python
def ratio(short: float, long: float) -> float:
    """How much more strongly the shorter wavelength is scattered."""
    return (long / short) ** 4

print(f"{ratio(450, 700):.1f}")  # 5.9
\`\`\`

| light | wavelength (nm) | scattered |
|:--|--:|--:|
| violet | 400 | 9.4 |
| blue | 450 | 5.9 |
| green | 530 | 3.0 |
| red | 700 | 1.0 |

A prism costs between $5 and $10, if you want to try it. 中文里说**“天蓝色”**就是这个道理。

> Lord Rayleigh worked this out in 1871.

See [the article](https://example.org/rayleigh) for more. ![a diagram](https://example.org/x.png)
`;

const B = `Imagine the sunlight as a *box of crayons*: every colour is in it. 🌤️

- The air is full of tiny bits, far too small to see.
- Red and yellow light walk straight past them.
- Blue light **bumps into them** and flies off in all directions.

So wherever you look up, some blue light comes towards you, and the sky looks blue.

For a physicist: the induced dipole of a molecule radiates with power \\(P \\propto \\omega^4 |\\alpha|^2\\), where \\(\\alpha\\) is the polarisability.

\`\`\`js
const sky = ["red", "green", "blue"].filter((colour) => colour === "blue");
\`\`\`

That is all there is to it. <b>No magic</b>, only small things and short waves.
`;

export const ANSWERS = { a: A, b: B };
