/** @file What `multihead generate` does: one prompt, one model, the text on the screen, at once or as it comes. */
import { readChunks, readText } from '#files';
import type { TextGenerationOptions } from '../../../inference/generation/text-generation.js';
import { pipeline } from '../../../inference/pipeline.js';
import type { DtypeName } from '../../../models/dtypes.js';
import { joinBytes } from '../../../platform/bytes/join-bytes.js';
import { decodeText } from '../../../platform/bytes/text-encoding.js';
import { UserError } from '../../../platform/errors.js';
import { forStream, print } from '../../output/print.js';

/** The command's options. */
export interface GenerateArguments extends TextGenerationOptions {
  readonly model: string;
  readonly prompt?: string;
  readonly promptFile?: string;
  readonly dtype?: DtypeName;
  readonly stream?: boolean;
  readonly json?: boolean;
}

/** Runs the command. */
export async function generate(given: GenerateArguments): Promise<void> {
  const {
    model,
    prompt: text,
    promptFile,
    dtype,
    stream,
    json,
    verbose: _,
    ...options
  } = given as GenerateArguments & {
    verbose?: boolean;
  };
  if (stream && json)
    throw new UserError('--stream prints the text as it comes, --json when it is whole: leave one out');
  const prompt = await readPrompt(text, promptFile);
  const generator = await pipeline('text-generation', model, { dtype });
  if (stream) {
    // The prompt is shown when the first piece is there: a refusal then does not stand behind half a text.
    let before = options.returnFullText === false ? '' : prompt;
    for await (const piece of generator.stream(prompt, options)) {
      process.stdout.write(forStream(before + piece, process.stdout));
      before = '';
    }
    process.stdout.write(`${before}\n`);
    return;
  }
  for (const result of await generator(prompt, options)) {
    print(json ? JSON.stringify(result) : result.generatedText);
  }
}

async function readPrompt(prompt: string | undefined, file: string | undefined): Promise<string> {
  if ((prompt === undefined) === (file === undefined)) {
    throw new UserError('give the beginning of the text: either --prompt "..." or --prompt-file FILE');
  }
  if (prompt !== undefined) return prompt;
  return file === '-' ? readStandardInput() : readText(file as string);
}

/** As a file is read: what is no text is an error, too. */
async function readStandardInput(): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of readChunks('-')) pieces.push(piece);
  return decodeText(joinBytes(pieces), 'standard input');
}
