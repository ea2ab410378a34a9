/** @file `multihead/data`: readers of files of examples and of corpora. It loads neither engine nor models. */
export type { CorpusFormat } from '../data/corpus/corpus-files.js';
export { type CorpusNote, describeNote } from '../data/corpus/corpus-warnings.js';
export type { DocumentUnit } from '../data/corpus/cut-documents.js';
export {
  type CorpusDocument,
  type CorpusOptions,
  type CorpusSettings,
  readCorpus,
} from '../data/corpus/read-corpus.js';
export {
  type ClassificationColumnOptions,
  type ClassificationData,
  type ClassificationExample,
  type ClassificationFileOptions,
  readClassificationData,
  readClassificationExamples,
} from '../data/examples/classification/classification.js';
export {
  type ClassificationStream,
  type ClassificationStreamOptions,
  openClassificationStream,
} from '../data/examples/classification/classification-stream.js';
export {
  type QuestionAnsweringFileOptions,
  type QuestionColumnOptions,
  readQuestionAnsweringExamples,
} from '../data/examples/question-answering/question-answering.js';
export {
  openQuestionAnsweringStream,
  type QuestionAnsweringStream,
  type QuestionAnsweringStreamOptions,
} from '../data/examples/question-answering/question-answering-stream.js';
export type { NamedQuestion } from '../data/examples/question-answering/question-ids.js';
export {
  type Answer,
  type QuestionAnsweringExample,
  readSquad,
  type SquadOptions,
} from '../data/examples/question-answering/squad.js';
export type { Mismatched } from '../data/examples/question-answering/squad-offsets.js';
export { type RankingExample, readRankingExamples } from '../data/examples/ranking/ranking.js';
export {
  openRankingStream,
  type RankingStream,
  type RankingStreamOptions,
} from '../data/examples/ranking/ranking-stream.js';
export {
  openSimilarityStream,
  readSimilarityExamples,
  type SimilarityStream,
  type SimilarityStreamOptions,
} from '../data/examples/similarity/similarity.js';
export type {
  SimilarityColumnOptions,
  SimilarityExample,
  SimilarityFileOptions,
} from '../data/examples/similarity/similarity-examples.js';
export { type SimilarityForm, similarityForm } from '../data/examples/similarity/similarity-form.js';
export {
  readTokenClassificationData,
  readTokenClassificationExamples,
  type TokenClassificationData,
} from '../data/examples/token-classification/token-classification.js';
export {
  openTokenClassificationStream,
  type TokenClassificationStream,
  type TokenClassificationStreamOptions,
} from '../data/examples/token-classification/token-classification-stream.js';
export type {
  TokenClassificationExample,
  TokenClassificationFileOptions,
  TokenColumnOptions,
} from '../data/examples/token-classification/token-examples.js';
export { type LabelSet, labelSet, type ProblemType } from '../data/labels/label-set.js';
export type { Label } from '../data/labels/label-values.js';
export type { Blocks, TokenBlocks } from '../data/pretraining/blocks.js';
export {
  type CorpusOrigin,
  type CorpusSummary,
  openCorpus,
  type SourceStamp,
  type TokenizedCorpus,
} from '../data/pretraining/corpus-folder.js';
export { lineBlocks } from '../data/pretraining/line-blocks.js';
export { type PackingOptions, packedBlocks } from '../data/pretraining/packed-blocks.js';
export {
  type SentencePair,
  type SentencePairOptions,
  sentencePairBlocks,
} from '../data/pretraining/sentence-pair-blocks.js';
export type { OpenCorpusOptions, SplitSummary, TokenType } from '../data/pretraining/token-files.js';
export { type TokenSource, tokensInMemory } from '../data/pretraining/token-source.js';
export type { HeldOut } from '../data/splits/hash-split.js';
export { type SplitExamples, type SplitSettings, splitExamples } from '../data/splits/split.js';
export type { BadRow, OnBadRow } from '../data/streams/bad-rows.js';
export type { ExampleStream } from '../data/streams/example-stream.js';
export type { ColumnReference } from '../data/tables/column-names.js';
export type { TableFileOptions } from '../data/tables/table-file-options.js';
export type { FoundFiles, Split, TableFormat } from '../data/tables/table-files.js';
