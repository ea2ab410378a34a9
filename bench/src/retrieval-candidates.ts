/** @file Scores that a cross-encoder gives candidates, kept in a file: a run that was stopped resumes where it was. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { pipeline } from 'multihead';

/** Questions, and the texts that are candidates for each. */
interface Candidates {
  readonly queries: readonly string[];
  readonly texts: readonly string[];
  /** For each question numbers of texts. */
  readonly candidates: readonly (readonly number[])[];
}

/** Questions that are scored between two writes. */
const chunk = 16;

/** A line of the file: a question, and its candidates with their scores. */
type Line = readonly [query: string, scores: readonly (readonly [id: number, score: number])[]];

/**
 * Scores the candidates of each question.
 *
 * @param file JSON lines, which are read first and then appended to
 * @returns for each question the score of each candidate
 */
export async function candidateScores(
  folder: string,
  { queries, texts, candidates }: Candidates,
  file: string,
): Promise<Map<number, number>[]> {
  const known = new Map<string, Map<number, number>>(queries.map((query) => [query, new Map()]));
  for (const [query, scores] of linesOf(file)) for (const [id, score] of scores) known.get(query)?.set(id, score);
  const missing = queries.flatMap((query, i) => {
    const ids = (candidates[i] as readonly number[]).filter((id) => !known.get(query)?.has(id));
    return ids.length > 0 ? [{ query, ids }] : [];
  });
  if (missing.length > 0) {
    const ranker = await pipeline('text-ranking', folder);
    for (let start = 0; start < missing.length; start += chunk) {
      const asked = missing.slice(start, start + chunk);
      const inputs = asked.map(({ query, ids }) => ({ query, documents: ids.map((id) => texts[id] as string) }));
      const lines = (await ranker(inputs)).map((ranked, i): Line => {
        const { query, ids } = asked[i] as (typeof asked)[number];
        return [query, ranked.map(({ corpusId, score }) => [ids[corpusId] as number, score])];
      });
      appendFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
      for (const [query, scores] of lines) for (const [id, score] of scores) known.get(query)?.set(id, score);
    }
    await ranker.dispose();
  }
  return queries.map((query, i) => {
    const scores = known.get(query) as Map<number, number>;
    return new Map((candidates[i] as readonly number[]).map((id) => [id, scores.get(id) as number]));
  });
}

const linesOf = (file: string): Line[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line.endsWith(']'))
        .map((line) => JSON.parse(line) as Line)
    : [];
