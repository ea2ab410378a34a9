/** @file The embedded GPT (models/mini-gpt) goes on with a text, token by token. Run it: node examples/dist/write-on.js "It was" */
import { fileURLToPath } from 'node:url';
import { pipeline } from 'multihead';

const prompt = process.argv[2] ?? 'It was a fine morning, and Elizabeth';
const generator = await pipeline('text-generation', fileURLToPath(new URL('../../models/mini-gpt', import.meta.url)));

process.stdout.write(prompt);
for await (const piece of generator.stream(prompt, { maxNewTokens: 120, temperature: 0.8, topP: 0.95, seed: 1 })) {
  process.stdout.write(piece);
}
process.stdout.write('\n');
await generator.dispose();
