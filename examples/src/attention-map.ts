/**
 * @file Draws what each head of a model's layer looks at, as an SVG file.
 * `node examples/dist/attention-map.js MODEL LAYER "some text" > attention.svg`
 */
import { AutoTokenizer, BertModel } from 'multihead';
import type { FloatTensor } from 'multihead/models';

const [folder = '', layerText = '0', text = ''] = process.argv.slice(2);
const model = await BertModel.fromPretrained(folder);
const { inputIds, tokens } = await (await AutoTokenizer.fromPretrained(folder)).encode(text);
const { attentions } = await model.predict({ inputIds: [inputIds] }, { outputAttentions: true });
const { data, shape } = attentions[Number(layerText)] as FloatTensor; // [1, heads, tokens, tokens]
await model.dispose();

const [heads, count, cell, label] = [shape[1] as number, tokens.length, 16, 64];
const side = count * cell;
const escaped = (token: string) => token.replace(/[<>&]/g, (character) => `&#${character.charCodeAt(0)};`);
const columns = Math.min(heads, 4);
const parts: string[] = [];
for (let head = 0; head < heads; head++) {
  const [left, top] = [(head % columns) * (side + 24) + label, Math.floor(head / columns) * (side + 76) + label];
  parts.push(`<text x="${left}" y="${top - 44}" font-weight="bold">head ${head}</text>`);
  for (const [i, token] of tokens.entries()) {
    const [x, y] = [left + i * cell + 12, top - 4];
    parts.push(`<text x="${x}" y="${y}" transform="rotate(-60 ${x} ${y})">${escaped(token)}</text>`);
    if (head % columns === 0)
      parts.push(`<text x="${left - 4}" y="${top + i * cell + 12}" text-anchor="end">${escaped(token)}</text>`);
    for (let j = 0; j < count; j++) {
      const weight = Number(data[(head * count + i) * count + j]);
      parts.push(
        `<rect x="${left + j * cell}" y="${top + i * cell}" width="${cell - 1}" height="${cell - 1}" fill="#1d4ed8" fill-opacity="${weight.toFixed(3)}"/>`,
      );
    }
  }
}
const [width, height] = [columns * (side + 24) + label, Math.ceil(heads / columns) * (side + 76) + label];
console.log(
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11" role="img"><title>Attention weights of each head</title>` +
    `<rect width="100%" height="100%" fill="white"/>${parts.join('\n')}</svg>`,
);
