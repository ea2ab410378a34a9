/**
 * @file Loads transformers.js, which is no dependency of ours: it comes from a folder in which
 * `npm install @huggingface/transformers` was run.
 */
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

type Load<Loaded> = (folder: string, options: object) => Promise<Loaded>;

/** What is used of it. */
export interface TransformersJs {
  readonly env: { version: string; allowRemoteModels: boolean; localModelPath: string };
  readonly Tensor: new (type: string, data: BigInt64Array, dims: number[]) => object;
  readonly AutoModelForCausalLM: {
    from_pretrained: Load<{ generate(options: object): Promise<{ readonly data: BigInt64Array }> }>;
  };
  readonly AutoModelForSequenceClassification: { from_pretrained: Load<(inputs: object) => Promise<object>> };
  readonly pipeline: (
    task: 'text-classification',
    folder: string,
    options: object,
  ) => Promise<(texts: readonly string[]) => Promise<{ readonly label: string }[]>>;
}

/** @param folder that holds `node_modules/@huggingface/transformers` */
export async function loadTransformersJs(folder: string): Promise<TransformersJs> {
  const require = createRequire(join(resolve(folder), 'package.json'));
  const file = pathToFileURL(require.resolve('@huggingface/transformers')).href;
  const library = (await import(file)) as TransformersJs;
  library.env.allowRemoteModels = false;
  return library;
}
