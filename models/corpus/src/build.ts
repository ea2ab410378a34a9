/**
 * @file Builds the corpus that the embedded models are pretrained on: one text file for each source, and sources.json.
 *
 *     apt-get update && npm run build:corpus -- --output DIR
 *
 * Options:
 *   --output DIR     where NAME.txt and sources.json go
 *   --packages DIR   keeps the downloaded packages there (default: a folder of the system's temporary files)
 *   --shared DIR     folder of wikitext-2 and tatoeba-cmn-eng; without it these two are left out
 *   --only A,B       these sources alone
 *   --with A         a source that is left out by default as well (its terms are doubtful: sources.ts says why)
 *
 * A paragraph is a line, documents are parted by a blank line; UTF-8, Unicode NFC. The same packages give the same bytes.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isProse, normalize } from './clean.js';
import { SeenParagraphs } from './deduplicate.js';
import type { Document } from './document.js';
import { fetchPackage } from './packages.js';
import { sampleDocuments } from './sample.js';
import { SOURCES, type Source } from './sources.js';

const { values } = parseArgs({
  options: {
    output: { type: 'string' },
    packages: { type: 'string', default: join(tmpdir(), 'multihead-corpus-packages') },
    shared: { type: 'string' },
    only: { type: 'string' },
    with: { type: 'string', default: '' },
  },
});
if (!values.output) throw new Error('--output DIR is missing: the folder that the corpus is written into');

const output = values.output;
const wanted = chosen(values.only?.split(','), values.with.split(',').filter(Boolean));
const seen = new SeenParagraphs();
mkdirSync(output, { recursive: true });
const report = wanted.map((source) => {
  const packages = unpacked(source);
  const documents = cleaned(
    source,
    packages.flatMap(({ folder }) => source.read(folder)),
    seen,
  );
  const kept = source.limit === undefined ? documents : sampleDocuments(documents, source.limit);
  const text = kept.map((document) => `${document.join('\n')}\n`).join('\n');
  writeFileSync(join(output, `${source.name}.txt`), text);
  const row = { ...described(source, packages), ...counted(text, kept), share: round(kept.length / documents.length) };
  console.log(`${source.name.padEnd(24)} ${(row.bytes / 1e6).toFixed(2).padStart(7)} MB ${row.paragraphs} paragraphs`);
  return row;
});
writeFileSync(join(output, 'sources.json'), `${JSON.stringify(report, undefined, 2)}\n`);

function chosen(only: string[] | undefined, extra: string[]): readonly Source[] {
  const names = new Set(SOURCES.map(({ name }) => name));
  const unknown = [...(only ?? []), ...extra].find((name) => !names.has(name));
  if (unknown) throw new Error(`no source "${unknown}" (sources: ${[...names].join(', ')})`);
  return SOURCES.filter(({ name, leftOut, from }) => {
    if (from.registry === 'shared' && !values.shared) return false;
    return only ? only.includes(name) : !leftOut || extra.includes(name);
  });
}

/** A folder with files of a source, and for a package what exactly it was. */
interface UnpackedOrigin {
  readonly folder: string;
  readonly package: { readonly name: string; readonly version?: string; readonly sha256?: string };
}

function unpacked({ from: { registry, names } }: Source): UnpackedOrigin[] {
  return names.map((name) => {
    if (registry === 'shared') return { folder: join(values.shared ?? '', name), package: { name } };
    const { directory, version, sha256 } = fetchPackage({ registry, name }, values.packages);
    return { folder: directory, package: { name, version, sha256 } };
  });
}

/** The documents' paragraphs of prose that no source before has had; a document left without any is left out. */
function cleaned({ language, least }: Source, documents: readonly Document[], memory: SeenParagraphs): Document[] {
  return documents
    .map((document) =>
      document.map(normalize).filter((paragraph) => isProse(paragraph, language, least) && memory.add(paragraph)),
    )
    .filter((document) => document.length > 0);
}

function described({ name, from, language, kind, licence }: Source, origins: readonly UnpackedOrigin[]) {
  const packages = origins.map((origin) => origin.package);
  return { name, language, kind, licence, registry: from.registry, packages };
}

function counted(text: string, documents: readonly Document[]) {
  return {
    bytes: Buffer.byteLength(text),
    documents: documents.length,
    paragraphs: documents.reduce((sum, document) => sum + document.length, 0),
    characters: text.length,
    words: text.match(/[a-z]+(?:['’][a-z]+)*/gi)?.length ?? 0,
    chineseCharacters: text.match(/\p{Script=Han}/gu)?.length ?? 0,
  };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
