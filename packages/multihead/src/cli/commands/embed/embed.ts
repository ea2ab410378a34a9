/** @file What `multihead embed` does: lines in, vectors out, some thousand at a time. */
import { pipeline } from '../../../inference/pipeline.js';
import type { DtypeName } from '../../../models/dtypes.js';
import type { SentencePooling } from '../../../models/sentences/sentence-poolings.js';
import { UserError } from '../../../platform/errors.js';
import type { Precision } from '../../../vectors/quantize-embeddings.js';
import type { Vectors } from '../../../vectors/vectors.js';
import { given } from '../../options/common-options.js';
import { guardInputs } from '../../output/input-guard.js';
import { standardOutput } from '../../output/line-output.js';
import { textGroups } from './text-groups.js';
import { writeVectors } from './write-vectors.js';

/** The command's options. */
export interface EmbedArguments {
  readonly model: string;
  readonly output?: string;
  readonly pooling?: SentencePooling | 'pooler';
  readonly normalize?: boolean;
  readonly maxLength?: number;
  readonly batchSize?: number;
  readonly dtype?: DtypeName;
  readonly prompt?: string;
  readonly promptName?: string;
  readonly dimensions?: number;
  readonly precision?: Precision;
  readonly ranges?: string;
}

/** Runs the command. */
export async function embed(file: string, options: EmbedArguments): Promise<void> {
  const { model, output, precision = 'float32', ranges } = options;
  checkOutput(options);
  if (output !== undefined)
    await guardInputs(output, { 'the command': file, '--model': model, ...(ranges && { '--ranges': ranges }) });
  const extract = await pipeline('feature-extraction', model, given(options, 'maxLength', 'batchSize', 'dtype'));
  const how = given(options, 'pooling', 'normalize', 'prompt', 'promptName', 'dimensions');
  async function* vectors(): AsyncGenerator<{ texts: string[]; vectors: Vectors }> {
    for await (const texts of textGroups(file)) yield { texts, vectors: await extract(texts, how) };
  }
  if (output === undefined)
    for await (const part of vectors()) await standardOutput.write(jsonLines(part.texts, part.vectors));
  else await writeVectors(output, { size: options.dimensions ?? extract.hiddenSize, precision, ranges }, vectors());
}

function checkOutput({ output, precision = 'float32', ranges }: EmbedArguments): void {
  if (output !== undefined && !output.endsWith('.npy')) {
    throw new UserError(
      `--output is ${output}; a name that ends with .npy was expected. For JSON lines leave it out, and write > FILE`,
    );
  }
  if (precision !== 'float32' && output === undefined) {
    throw new UserError(`--precision ${precision} needs --output FILE.npy: JSON lines hold float32`);
  }
  if (ranges !== undefined && !precision.endsWith('int8')) {
    throw new UserError(`--ranges is for --precision int8 and uint8; it is ${precision}`);
  }
}

/** One object a text. Nine digits are enough to tell all float32 numbers apart. */
function jsonLines(texts: readonly string[], { data, shape: [, size] }: Vectors): string[] {
  return texts.map((text, row) => {
    const embedding = Array.from(data.subarray(row * size, (row + 1) * size), (x) => Number(x.toPrecision(9)));
    return `${JSON.stringify({ text, embedding })}\n`;
  });
}
