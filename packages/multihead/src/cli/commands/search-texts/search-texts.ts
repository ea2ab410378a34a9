/** @file What `multihead search-texts` does: vectors of texts and of queries, and the nearest of them. */
import { pipeline } from '../../../inference/pipeline.js';
import type { FeatureExtractionPipeline } from '../../../inference/pipelines/feature-extraction.js';
import type { DtypeName } from '../../../models/dtypes.js';
import { UserError } from '../../../platform/errors.js';
import { openVectors } from '../../../vectors/open-vectors.js';
import type { ScoreFunctionName } from '../../../vectors/score-functions.js';
import { type SearchHit, semanticSearch } from '../../../vectors/semantic-search.js';
import { joinVectors, type VectorSource, type Vectors } from '../../../vectors/vectors.js';
import { given } from '../../options/common-options.js';
import { standardOutput } from '../../output/line-output.js';
import { print } from '../../output/print.js';
import { textGroups } from '../embed/text-groups.js';

/** The command's options. */
export interface SearchTextsArguments {
  readonly model: string;
  readonly texts: string;
  readonly vectors?: string;
  readonly queries?: string;
  readonly topK?: number;
  readonly scoreFunction?: ScoreFunctionName;
  readonly queryPrompt?: string;
  readonly textPrompt?: string;
  readonly dimensions?: number;
  readonly maxLength?: number;
  readonly batchSize?: number;
  readonly json?: boolean;
  readonly dtype?: DtypeName;
}

/** Names of prompts, the first that a folder has, as sentence-transformers' encode_query and encode_document choose them. */
const queryPrompts = ['query'];
const textPrompts = ['document', 'passage', 'corpus'];

/** Runs the command. */
export async function searchTexts(named: readonly string[], options: SearchTextsArguments): Promise<void> {
  const { model, texts: file, queries: queryFile } = options;
  if (named.length > 0 === (queryFile !== undefined)) {
    throw new UserError('expected queries: as arguments, or one per line in --queries FILE');
  }
  const queries = queryFile === undefined ? named : await allTexts(queryFile);
  const embed = await pipeline('feature-extraction', model, given(options, 'maxLength', 'batchSize', 'dtype'));
  const how = given(options, 'dimensions');
  const queryVectors = await embed(queries, { ...how, ...promptOf(embed, options.queryPrompt, queryPrompts) });
  const prompt = promptOf(embed, options.textPrompt, textPrompts);
  const { texts, vectors } = await readCorpus(file, {
    vectorFile: options.vectors,
    size: queryVectors.shape[1],
    embed: (group) => embed(group, { ...how, ...prompt }),
  });
  const { scoreFunction = embed.similarity } = options;
  const found = await semanticSearch(queryVectors, vectors, { ...given(options, 'topK'), scoreFunction });
  if (options.json) await standardOutput.write(queries.map((query, i) => jsonLine(query, found[i] ?? [], texts)));
  else
    for (const [i, query] of queries.entries())
      printHits(query, { hits: found[i] ?? [], texts, isAlone: queries.length === 1 });
  await embed.dispose();
}

async function allTexts(file: string): Promise<string[]> {
  const texts: string[] = [];
  for await (const group of textGroups(file)) texts.push(...group);
  return texts;
}

function promptOf(
  { prompts }: FeatureExtractionPipeline,
  prompt: string | undefined,
  names: readonly string[],
): { readonly prompt?: string; readonly promptName?: string } {
  if (prompt !== undefined) return { prompt };
  const promptName = names.find((name) => Object.hasOwn(prompts, name));
  return promptName === undefined ? {} : { promptName };
}

/** The texts of a file and their vectors: those of a file, or made of them. */
async function readCorpus(
  file: string,
  {
    vectorFile,
    size,
    embed,
  }: {
    readonly vectorFile: string | undefined;
    readonly size: number;
    readonly embed: (texts: string[]) => Promise<Vectors>;
  },
): Promise<{ readonly texts: readonly string[]; readonly vectors: Vectors | VectorSource }> {
  const texts: string[] = [];
  const parts: Vectors[] = [];
  for await (const group of textGroups(file)) {
    texts.push(...group);
    if (vectorFile === undefined) parts.push(await embed(group));
  }
  if (texts.length === 0) throw new UserError(`--texts ${file}: the file is empty; expected a text per line`);
  if (vectorFile === undefined) {
    return {
      texts,
      vectors: joinVectors(
        parts.map(({ data }) => data),
        size,
      ),
    };
  }
  const vectors = await openVectors(vectorFile, { size });
  const [count, stored] = vectors.shape;
  if (stored !== size) {
    throw new UserError(
      `--vectors ${vectorFile}: vectors of ${stored} elements, and the model makes ${size}; give the model that made them` +
        (stored < size ? `, and --dimensions ${stored} if they were shortened` : ''),
    );
  }
  if (count === texts.length) return { texts, vectors };
  throw new UserError(
    `--vectors ${vectorFile}: holds ${count} vectors, but ${file} has ${texts.length} lines; expected one vector per line`,
  );
}

const jsonLine = (query: string, hits: readonly SearchHit[], texts: readonly string[]): string =>
  `${JSON.stringify({
    query,
    hits: hits.map(({ corpusId, score }) => ({ line: corpusId + 1, score, text: texts[corpusId] })),
  })}\n`;

/** Score, line and text of each hit; of several queries the query above them. */
function printHits(
  query: string,
  {
    hits,
    texts,
    isAlone,
  }: { readonly hits: readonly SearchHit[]; readonly texts: readonly string[]; readonly isAlone: boolean },
): void {
  if (!isAlone) print(query);
  for (const { corpusId, score } of hits) {
    const line = `${score.toFixed(4)}\t${corpusId + 1}\t${texts[corpusId]}`;
    print(isAlone ? line : `  ${line}`);
  }
}
