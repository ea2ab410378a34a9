/** @file What `multihead info` does: says what a model folder holds, without loading its weights. */
import { exists, joinPath, readText } from '#files';
import { adapterWeights, readAdapterConfig } from '../../../models/adapters/adapter-config.js';
import { locateModel } from '../../../models/adapters/locate-model.js';
import { AutoConfig } from '../../../models/auto-config.js';
import type { CausalConfig } from '../../../models/causal/causal-config.js';
import { SafetensorsFile } from '../../../models/checkpoint/safetensors.js';
import { openWeights } from '../../../models/checkpoint/weights-files.js';
import type { EncoderConfig } from '../../../models/encoder/encoder-config.js';
import { parseJson } from '../../../platform/json/json.js';
import { print } from '../../output/print.js';

/** Runs the command. */
export async function info(folder: string, { json }: { json?: boolean }): Promise<void> {
  const config = await AutoConfig.fromPretrained(folder);
  const { intermediateSize, id2label } = config as Partial<EncoderConfig>;
  const { numKeyValueHeads } = config as Partial<CausalConfig>;
  const { adapter, reference } = await locateModel(folder);
  const file =
    adapter === undefined ? await openWeights(folder) : await SafetensorsFile.open(joinPath(adapter, adapterWeights));
  const settings = adapter === undefined ? undefined : (await readAdapterConfig(adapter)).settings;
  const elements = (name: string) => file.info(name).shape.reduce((a, b) => a * b, 1);
  const bytes = (name: string) => file.info(name).end - file.info(name).start;
  const facts: Record<string, unknown> = {
    architecture: config.architectures.join(', ') || config.modelType,
    ...(settings && { adapter: 'LoRA', base_model: reference.nameOrPath, revision: reference.revision }),
    rank: settings?.rank,
    alpha: settings?.alpha,
    rslora: settings?.useRslora || undefined,
    dora: settings?.useDora || undefined,
    target_modules: settings?.targetModules,
    layers: config.numHiddenLayers,
    hidden_size: config.hiddenSize,
    attention_heads: config.numAttentionHeads,
    key_value_heads: numKeyValueHeads,
    intermediate_size: intermediateSize,
    vocabulary: config.vocabSize,
    max_positions: config.maxPositionEmbeddings,
    labels: id2label,
    parameters: file.names.reduce((sum, name) => sum + elements(name), 0),
    tensors: file.names.length,
    dtype: [...new Set(file.names.map((name) => file.info(name).dtype))].join(', '),
    megabytes: Math.round(file.names.reduce((sum, name) => sum + bytes(name), 0) / 1e5) / 10,
  };
  const results = joinPath(folder, 'eval_results.json');
  if (await exists(results)) facts.evaluation = parseJson(await readText(results), results);
  if (json) {
    console.log(JSON.stringify(facts, null, 2));
    return;
  }
  print(folder);
  for (const [name, value] of Object.entries(facts)) {
    if (value === undefined) continue;
    const shown = Array.isArray(value)
      ? value.join(', ')
      : typeof value === 'object'
        ? JSON.stringify(value, rounded)
        : value;
    print(`  ${name.padEnd(18)}${shown}`);
  }
}

/** Scores are shown with four digits; `--json` gives all that they have. */
const rounded = (_name: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
