/**
 * @file Writes a language model that `multihead pretrain` made in half the bytes, with its tokenizer:
 *
 *     node models/build/dist/half-precision.js runs/mini-gpt models/mini-gpt
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AutoModelForCausalLM, AutoTokenizer } from 'multihead';

const [from, to] = process.argv.slice(2);
if (!from || !to) throw new Error('give the folder of the model and the folder to write');
mkdirSync(to, { recursive: true });
const model = await AutoModelForCausalLM.fromPretrained(from);
await model.savePretrained(to, { dtype: 'float16' });
await model.dispose();
const tokenizer = await AutoTokenizer.fromPretrained(from);
for (const [name, text] of Object.entries(tokenizer.files())) writeFileSync(join(to, name), text);
