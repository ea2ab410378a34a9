/** @file A GGUF file becomes a model folder in Hugging Face's layout. */
import { writeTogether } from '#files';
import { type FloatName, floatFormats } from '../../models/checkpoint/float-formats.js';
import { safetensorsStream } from '../../models/checkpoint/safetensors.js';
import { modelKey } from '../../models/core/pretrained.js';
import { UserError } from '../../platform/errors.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import { readConfig } from './config.js';
import { GgufFile } from './gguf-file.js';
import { modelTensors } from './tensors.js';
import { readTokenizer } from './tokenizer/tokenizer.js';

/** Options of {@link convertGguf}. */
export interface ConvertGgufOptions {
  /** The number format of the written weights. Default: `float32`, which holds every quantized value as it is. */
  readonly dtype?: FloatName | undefined;
  /** Names in the folder that belong to another model, and go. */
  readonly gone?: readonly string[] | undefined;
}

const optionNames = namesOf<ConvertGgufOptions>({ dtype: true, gone: true });

/** What was converted. */
export interface ConvertedModel {
  /** The model's class: `LlamaForCausalLM`. */
  readonly model: string;
  readonly parameters: number;
  readonly vocabSize: number;
}

/**
 * Converts a GGUF file (llama.cpp's format) of the Llama, Qwen2 or Qwen3 family: `config.json`, `model.safetensors`,
 * `generation_config.json`, and the tokenizer with its chat template. Tensors of types F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0
 * and Q2_K to Q6_K are read one after the other in pieces, so that memory does not grow with the file.
 *
 * @throws UserError naming the file, and the byte where it is damaged; for other architectures, types and tokenizers
 * @example
 * await convertGguf('SmolLM2-135M-Instruct.Q4_1.gguf', 'models/smollm2');
 * const generate = await pipeline('text-generation', 'models/smollm2');
 */
export async function convertGguf(
  path: string,
  folder: string,
  options: ConvertGgufOptions = {},
): Promise<ConvertedModel> {
  checkOptionNames(options, optionNames, 'convertGguf');
  const { dtype = 'float32', gone = [] } = options;
  if (!Object.hasOwn(floatFormats, dtype)) {
    throw new UserError(
      `convertGguf: dtype is ${String(dtype)}; expected one of ${Object.keys(floatFormats).join(', ')}`,
    );
  }
  const file = await GgufFile.open(path);
  const found = await readConfig(file);
  const { config, architecture } = found;
  const Model = architecture.model;
  const tensors = modelTensors(file, found);
  const { vocabSize, bosTokenId, eosTokenId, padTokenId } = config;
  const tokenizer = readTokenizer(file, { vocabSize, maxLength: config.maxPositionEmbeddings });
  const json = Model.architecture.config.toJson({ ...config, architectures: [Model.name] });
  const write = (content: object) => `${JSON.stringify(content, null, 2)}\n`;
  const files = {
    ...tokenizer.files(),
    'generation_config.json': write({ bos_token_id: bosTokenId, eos_token_id: eosTokenId, pad_token_id: padTokenId }),
    'model.safetensors': safetensorsStream(tensors, dtype),
    [modelKey]: write({ ...json, dtype, torch_dtype: dtype }),
  };
  await writeTogether(folder, files, modelKey, gone);
  const parameters = tensors.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  return { model: Model.name, parameters, vocabSize };
}
