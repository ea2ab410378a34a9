/** @file What `multihead embed` does: lines in, vectors out, some thousand at a time. */
import { readChunks } from '#files';
import { pipeline } from '../../../inference/pipeline.js';
import type { DtypeName } from '../../../models/dtypes.js';
import { textLines } from '../../../platform/bytes/text-lines.js';
import { UserError } from '../../../platform/errors.js';
import type { Vectors } from '../../../vectors/vectors.js';
import { given } from '../../options/common-options.js';
import { guardInputs } from '../../output/input-guard.js';
import { standardOutput } from '../../output/line-output.js';
import { NpyFile } from './npy-file.js';

/** Lines that are read before the model sees them: enough for batches of lines of like length. */
const linesAtATime = 2048;

/** The command's options. */
export interface EmbedArguments {
  readonly model: string;
  readonly output?: string;
  readonly pooling?: 'mean' | 'cls' | 'pooler';
  readonly normalize?: boolean;
  readonly maxLength?: number;
  readonly batchSize?: number;
  readonly dtype?: DtypeName;
}

/** Runs the command. */
export async function embed(file: string, options: EmbedArguments): Promise<void> {
  const { model, output, pooling, normalize } = options;
  if (output !== undefined && !output.endsWith('.npy')) {
    throw new UserError(
      `--output is ${output}; a name that ends with .npy was expected. For JSON lines leave it out, and write > FILE`,
    );
  }
  if (output !== undefined) await guardInputs(output, { 'the command': file, '--model': model });
  const extract = await pipeline('feature-extraction', model, given(options, 'maxLength', 'batchSize', 'dtype'));
  async function* vectors(): AsyncGenerator<{ texts: string[]; vectors: Vectors }> {
    const lines = file === '-' ? textLines(process.stdin, 'standard input') : textLines(readChunks(file), file);
    for await (const texts of groups(lines, linesAtATime)) {
      yield { texts, vectors: await extract(texts, { pooling, normalize }) };
    }
  }
  if (output === undefined)
    for await (const part of vectors()) await standardOutput.write(jsonLines(part.texts, part.vectors));
  else await writeNpy(output, extract.hiddenSize, vectors());
}

async function writeNpy(
  path: string,
  columns: number,
  parts: AsyncIterable<{ readonly vectors: Vectors }>,
): Promise<void> {
  const file = await NpyFile.create(path, columns);
  try {
    for await (const { vectors } of parts) await file.append(vectors.data);
    await file.commit();
  } catch (error) {
    await file.abandon();
    throw error;
  }
}

/** One object a text. Nine digits are enough to tell all float32 numbers apart. */
function jsonLines(texts: readonly string[], { data, shape: [, size] }: Vectors): string[] {
  return texts.map((text, row) => {
    const embedding = Array.from(data.subarray(row * size, (row + 1) * size), (x) => Number(x.toPrecision(9)));
    return `${JSON.stringify({ text, embedding })}\n`;
  });
}

async function* groups<Item>(items: AsyncIterable<Item>, size: number): AsyncGenerator<Item[]> {
  let group: Item[] = [];
  for await (const item of items) {
    group.push(item);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
