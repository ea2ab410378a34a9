/** @file The importers of foreign checkpoints. A new one is a file and a row here. */
import type { FloatName } from '../../../../models/checkpoint/float-formats.js';
import type { Importer } from './importer.js';

/** All importers. Their code is loaded when one runs. */
export const importers: readonly Importer[] = [
  {
    name: 'llama2c',
    description: 'convert a checkpoint of llama2.c (its first layout, float32)',
    options: [
      { flags: '--checkpoint <file>', description: 'the weights, such as stories260K.bin', isRequired: true },
      { flags: '--tokenizer <file>', description: 'the tokenizer, such as tok512.bin', isRequired: true },
    ],
    convert: async (given, target) => (await import('./llama2c.js')).convertLlama2c(given, target),
  },
  {
    name: 'gguf',
    description: "convert a GGUF file (llama.cpp's format) of the Llama, Qwen2 or Qwen3 family, with its tokenizer",
    options: [
      { flags: '--checkpoint <file>', description: 'the file, such as model.Q4_K_M.gguf', isRequired: true },
      {
        flags: '--dtype <name>',
        description: 'number format of the written weights: float32 (default) holds each quantized value as it is',
        choices: ['float32', 'float16', 'bfloat16'] satisfies FloatName[],
      },
    ],
    convert: async (given, target) => (await import('./gguf.js')).convertGgufFile(given, target),
  },
];
