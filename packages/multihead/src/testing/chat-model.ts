/** @file A folder with a small model of conversations: bytes are tokens, and its text is noise. Not part of the package. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GPT2Config } from '../models/gpt2/config.js';
import { GPT2LMHeadModel } from '../models/gpt2/gpt2.js';
import { byteTokenizer } from './byte-tokenizer.js';
import { temporaryFolder } from './temporary-folder.js';

/** Each message on a line with its role, each ended by the token that ends texts. */
export const chatTemplate =
  '{% if tools %}[{{ tools | length }}]{% endif %}{% for m in messages %}{{ m.role }}:{{ m.content }}{{ eos_token }}' +
  '{% endfor %}{% if add_generation_prompt %}assistant:{{ mood }}{% endif %}';

/**
 * Makes the folder.
 *
 * @param positions  the most tokens that the model reads
 * @param chat_template undefined: none
 */
export async function chatFolder(positions = 64, chat_template: string | undefined = chatTemplate): Promise<string> {
  const folder = temporaryFolder();
  const sizes = { vocab_size: 257, n_embd: 16, n_layer: 1, n_head: 2, n_positions: positions, initializer_range: 0.6 };
  const config = GPT2Config.fromJson({ ...sizes, bos_token_id: 0, eos_token_id: 0 });
  const model = GPT2LMHeadModel.fromConfig(config, { seed: 5 });
  await model.savePretrained(folder);
  await model.dispose();
  const files = byteTokenizer().files();
  const settings = { ...JSON.parse(files['tokenizer_config.json'] as string), chat_template };
  const all = { ...files, 'tokenizer_config.json': JSON.stringify(settings) };
  for (const [name, text] of Object.entries(all)) writeFileSync(join(folder, name), text);
  return folder;
}
