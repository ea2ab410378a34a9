/** @file Models and data sets by name on Node: a hub id becomes a folder of Hugging Face's own cache. Browsers: `web.ts`. */
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { writeAtomically } from '#files';
import { UserError } from '../platform/errors.js';
import { datasetFolder, type PartOfData, parquetRevision, parseDatasetName } from './dataset-name.js';
import { isId, isThere, snapshot } from './node/snapshot.js';
import type { ResolveOptions } from './options.js';

const settings = /^(config|generation_config|adapter_config)\.json$/;
const tokenizer =
  /^(0_Transformer\/)?((config|tokenizer|tokenizer_config|special_tokens_map|added_tokens|vocab|chat_template)\.json|(vocab|merges)\.txt|(additional_chat_templates\/\w+|chat_template)\.jinja)$/;
const rest =
  /^(modules|config_sentence_transformers|\d+_\w+\/config)\.json$|^adapter_(config\.json|model\.safetensors)$|^(0_Transformer\/)?(sentence_bert_config\.json|model\.safetensors\.index\.json|model(-\d+-of-\d+)?\.safetensors)$/;
const wanted = { config: [settings], tokenizer: [tokenizer], model: [settings, tokenizer, rest] };

/**
 * The folder of a model: the given one if it is there, else the hub's, fetched into the cache that Python shares.
 *
 * @throws UserError for what is neither folder nor id, and for what the hub refuses or sends damaged
 * @example
 * await resolveModel('bert-base-uncased'); // '/home/me/.cache/huggingface/hub/models--bert-base-uncased/snapshots/86b5...'
 */
export async function resolveModel(name: string, options: ResolveOptions = {}): Promise<string> {
  if (await isThere(name)) return name;
  const { revision = 'main', parts = 'model' } = options;
  if (!isId(name)) {
    throw new UserError(`${name}: no such folder, and no id of the hub either (NAME or OWNER/NAME). Check the path.`);
  }
  const select = (files: readonly string[]) =>
    files.filter((file) => wanted[parts].some((pattern) => pattern.test(file)));
  const isWhole = async (folder: string) =>
    (await isThere(join(folder, 'config.json'))) || isThere(join(folder, 'adapter_config.json'));
  return snapshot({ kind: 'models', name, revision, select, isWhole }, options);
}

/**
 * The folder of a part of a data set on the hub, as Parquet files: `OWNER/NAME`, `OWNER/NAME/CONFIG`, either with `:SPLIT`
 * behind it. The hub keeps every data set as Parquet, in the branch `refs/convert/parquet`; from there the files are fetched
 * into the cache that Python shares.
 *
 * @param part which part is meant where the name does not say; where there is no validation part, test stands in, and the
 *   other way round
 * @throws UserError for what is no id, for a configuration or part that the data set has not, and as {@link resolveModel}
 * @example
 * await resolveDataset('nyu-mll/glue/sst2', 'validation');
 * // '/home/me/.cache/huggingface/hub/datasets--nyu-mll--glue/snapshots/1a2b.../sst2/validation'
 */
export async function resolveDataset(
  name: string,
  part: PartOfData = 'train',
  options: Omit<ResolveOptions, 'parts' | 'revision'> = {},
): Promise<string> {
  const asked = parseDatasetName(name);
  if (!asked || !isId(asked.id)) {
    throw new UserError(
      `${name}: no file or folder, and no data set's name either (OWNER/NAME, OWNER/NAME/CONFIG, :SPLIT)`,
    );
  }
  const folderIn = (files: readonly string[]) => datasetFolder(files, asked, part, name);
  const folder = await snapshot(
    {
      kind: 'datasets',
      name: asked.id,
      revision: parquetRevision,
      select: (files) => files.filter((file) => file.startsWith(`${folderIn(files)}/`)),
      whenWhole: async (at, files) => {
        for (const one of new Set(files.map(dirname))) await writeAtomically(join(at, one, wholeMark), '');
      },
      isWhole: async (at) => (await wholeFiles(at)).length > 0,
    },
    options,
  );
  return join(folder, folderIn(await wholeFiles(folder)));
}

/** A file in each folder whose Parquet files have all come; a part of them would pass for the whole offline. */
const wholeMark = '.multihead-whole';

/** The Parquet files of a cached snapshot, those in folders that are whole. */
async function wholeFiles(folder: string): Promise<string[]> {
  const files = (await readdir(folder, { recursive: true }).catch(() => [])).map((file) => file.replaceAll('\\', '/'));
  const whole = new Set(files.filter((file) => basename(file) === wholeMark).map(dirname));
  return files.filter((file) => file.endsWith('.parquet') && whole.has(dirname(file)));
}
