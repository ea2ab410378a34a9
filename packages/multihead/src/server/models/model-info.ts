/** @file What a model folder holds and can do, without loading its weights. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { exists, joinPath, readTextAtMost } from '#files';
import { type PipelineDefinition, pipelines } from '../../inference/registry.js';
import { locateModel, tokenizerFolder } from '../../models/adapters/locate-model.js';
import { AutoConfig } from '../../models/auto-config.js';
import { openWeights } from '../../models/checkpoint/weights-files.js';
import type { LabelledConfig } from '../../models/core/label-settings.js';
import type { ModelConfig } from '../../models/core/model-config.js';
import type { HeadName } from '../../models/family.js';
import { familyOf } from '../../models/registry.js';
import { UserError } from '../../platform/errors.js';
import { parseJson } from '../../platform/json/json.js';
import { readChatTemplateFiles } from '../../text/chat/chat-template-files.js';
import type { ModelInfo } from './served-model.js';

/** Reads what a model is: its configuration and its tokenizer's settings. @throws UserError for a folder that no pipeline answers with */
export async function readModelInfo(name: string, folder: string, maxLength?: number): Promise<ModelInfo> {
  const config = await AutoConfig.fromPretrained(folder);
  const head = headOf(config, folder);
  const { id2label } = config as Partial<LabelledConfig>;
  const isClassifier = head === 'SequenceClassification' || head === 'TokenClassification';
  const labels = isClassifier ? id2label : undefined;
  const tasks = pipelinesOf(head, labels).map((pipeline) => pipeline.name);
  if (tasks.length === 0) {
    throw new UserError(
      `${folder}: no pipeline answers with a model of the head ${head}; served are ${pipelines()
        .filter(({ service }) => service)
        .map((pipeline) => `${pipeline.name} (${pipeline.service?.heads?.join(', ')})`)
        .join(', ')}`,
    );
  }
  return {
    name,
    modelType: config.modelType,
    tasks,
    maxLength: maxLength ?? config.maxPositionEmbeddings,
    ...(tasks.includes('feature-extraction') && { hiddenSize: config.hiddenSize }),
    ...(labels && { labels }),
    hasChatTemplate: await hasChatTemplate(await tokenizerFolder(folder)),
    created: Math.floor((await stat(join(folder, 'config.json')).catch(() => stat(folder))).mtimeMs / 1000),
  };
}

/** Bytes of a model's weights as float32, in which it computes. */
export async function weightBytes(folder: string): Promise<number> {
  const file = await openWeights((await locateModel(folder)).folder);
  const elements = file.names.map((name) => file.info(name).shape.reduce((a, b) => a * b, 1));
  return 4 * elements.reduce((a, b) => a + b, 0);
}

/** Whether a tokenizer's folder holds a chat template. */
async function hasChatTemplate(folder: string): Promise<boolean> {
  const path = joinPath(folder, 'tokenizer_config.json');
  const own = (await exists(path)) ? (parseJson(await readTextAtMost(path), path) as Record<string, unknown>) : {};
  return ((await readChatTemplateFiles(folder)).chat_template ?? own.chat_template ?? undefined) !== undefined;
}

/** The pipelines that answer with models of a head. */
const pipelinesOf = (head: HeadName | 'Model', labels: readonly string[] | undefined): PipelineDefinition[] =>
  pipelines()
    .filter(({ service }) => service?.heads?.includes(head) && (service.serves?.({ labels }) ?? true))
    .sort((a, b) => generality(a) - generality(b));

/** What asks for a certain kind of model comes first, and last what any model can do: vectors. */
const generality = ({ service }: PipelineDefinition): number =>
  service?.serves ? 0 : service?.heads?.includes('Model') ? 2 : 1;

/** The head of a folder's model, as `architectures` in config.json names its class. */
function headOf(config: ModelConfig, folder: string): HeadName | 'Model' {
  const { heads, base } = familyOf(config.modelType, folder);
  const named = Object.entries(heads).find(([, model]) => config.architectures.includes(model.name));
  if (named) return named[0] as HeadName;
  return base ? 'Model' : 'CausalLM';
}
