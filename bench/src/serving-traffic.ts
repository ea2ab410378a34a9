/** @file Traffic for servers of embeddings: real texts of mixed lengths, and connections that send them one request after another. */

import { readFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { AutoTokenizer, readClassificationExamples } from 'multihead';

/** A request, and the tokens that the model reads for it. */
export interface EmbeddingRequest {
  readonly texts: readonly string[];
  readonly tokens: number;
}

/** A small random number generator, so that every run has the same traffic (Park and Miller). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

/**
 * Requests of one to sixteen texts: three quarters of them questions of Banking77's test file, a quarter passages of PolicyQA, none
 * longer than the model reads.
 *
 * @param data the folder with both
 */
export async function embeddingRequests(data: string, model: string, count: number): Promise<EmbeddingRequest[]> {
  const questions = (await readClassificationExamples(join(data, 'banking77/test.csv'))).map(({ text }) => text);
  const passages = policyPassages(join(data, 'policyqa/dev.json'));
  const tokenizer = await AutoTokenizer.fromPretrained(model);
  const lengthOf = async (texts: readonly string[]) =>
    (await tokenizer.encodeBatch(texts)).map(({ inputIds }) => inputIds.length);
  const [short, long] = [await lengthOf(questions), await lengthOf(passages)];
  const known = [...questions.map((text, i) => ({ text, tokens: short[i] as number }))];
  const longer = passages.map((text, i) => ({ text, tokens: long[i] as number })).filter(({ tokens }) => tokens <= 256);
  const random = randomNumbers(7);
  const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  return Array.from({ length: count }, () => {
    const size = random() < 0.6 ? 1 : random() < 0.75 ? 4 : 16;
    const chosen = Array.from({ length: size }, () => one(random() < 0.75 ? known : longer));
    return {
      texts: chosen.map(({ text }) => text),
      tokens: chosen.reduce((sum, { tokens }) => sum + tokens, 0),
    };
  });
}

interface SquadFile {
  readonly data: readonly { readonly paragraphs: readonly { readonly context: string }[] }[];
}

function policyPassages(path: string): string[] {
  const { data } = JSON.parse(readFileSync(path, 'utf8')) as SquadFile;
  return [...new Set(data.flatMap(({ paragraphs }) => paragraphs.map(({ context }) => context)))];
}

/** An answer, its status 0 where the connection broke. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Sends JSON, and reads the answer. */
export function post(url: string, body: object, agent: Agent): Promise<Answer> {
  return new Promise((resolve) => {
    const text = JSON.stringify(body);
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
    const sent = httpRequest(url, { method: 'POST', agent, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', () => resolve({ status: 0, body: '' }));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString() }));
    });
    sent.on('error', (error) => resolve({ status: 0, body: error.message }));
    sent.end(text);
  });
}

/** What came of some seconds of traffic. */
export interface TrafficResult {
  readonly requests: number;
  readonly tokens: number;
  readonly seconds: number;
  /** Milliseconds of each request. */
  readonly latencies: readonly number[];
  /** Answers by their status. */
  readonly statuses: Readonly<Record<number, number>>;
}

/** Sends requests over connections, each one after the other, for some seconds. */
export async function traffic(
  requests: readonly EmbeddingRequest[],
  {
    url,
    bodyOf,
    connections,
    seconds,
  }: { url: string; bodyOf: (texts: readonly string[]) => object; connections: number; seconds: number },
): Promise<TrafficResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const latencies: number[] = [];
  const statuses: Record<number, number> = {};
  let tokens = 0;
  let next = 0;
  const began = performance.now();
  const end = began + 1000 * seconds;
  const connection = async () => {
    while (performance.now() < end) {
      const asked = requests[next++ % requests.length] as EmbeddingRequest;
      const start = performance.now();
      const { status, body } = await post(url, bodyOf(asked.texts), agent);
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (status !== 200) continue;
      const { data } = JSON.parse(body) as { data: unknown[] };
      if (data.length !== asked.texts.length) throw new Error(`${data.length} vectors for ${asked.texts.length} texts`);
      latencies.push(performance.now() - start);
      tokens += asked.tokens;
    }
  };
  await Promise.all(Array.from({ length: connections }, connection));
  agent.destroy();
  return { requests: latencies.length, tokens, seconds: (performance.now() - began) / 1000, latencies, statuses };
}

/** The value below which a share of numbers lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
