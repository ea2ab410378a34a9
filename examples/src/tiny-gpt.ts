/** @file Trains a tokenizer and a tiny GPT-2 on what customers ask, and lets it ask. `node examples/dist/tiny-gpt.js` */
import { fileURLToPath } from 'node:url';
import {
  blockSource,
  CausalLanguageModeling,
  GPT2Config,
  GPT2LMHeadModel,
  packedBlocks,
  pipeline,
  readClassificationExamples,
  Trainer,
  tokensInMemory,
  trainTokenizer,
} from 'multihead';

const data = fileURLToPath(new URL('../data/support-intents.train.tsv', import.meta.url));
const output = 'runs/tiny-gpt';

const texts = (await readClassificationExamples(data)).map(({ text }) => text).filter((text) => /^[ -~]+$/.test(text));
const tokenizer = await trainTokenizer({ type: 'bpe', texts, vocabSize: 400 });
const endOfText = tokenizer.tokenToId('<|endoftext|>') as number;

const sizes = { hiddenSize: 64, numHiddenLayers: 2, numAttentionHeads: 4, maxPositionEmbeddings: 64 };
const ends = { bosTokenId: endOfText, eosTokenId: endOfText };
const model = new GPT2LMHeadModel(new GPT2Config({ vocabSize: tokenizer.vocabSize, ...sizes, ...ends }));
console.log(`${texts.length} questions, a vocabulary of ${tokenizer.vocabSize}, ${model.weights.count} parameters`);

// Questions follow each other with <|endoftext|> between them; a block is 33 tokens, which give 32 guesses.
const corpus = tokensInMemory(await tokenizer.encodeIds(texts));
const task = new CausalLanguageModeling();
const train = blockSource(packedBlocks(corpus, { size: 33, separatorId: endOfText }), task);
const trainer = new Trainer({
  model,
  task,
  tokenizer,
  train,
  output,
  overwrite: true,
  maxSteps: 300,
  batchSize: 16,
  learningRate: 3e-3,
  warmupRatio: 0.1,
  onEvent: (event) => {
    if (event.type === 'step' && event.step % 50 === 0)
      console.log(`step ${event.step}  loss ${event.loss.toFixed(3)}`);
  },
});
await trainer.train();
await model.dispose();

const generator = await pipeline('text-generation', output);
const options = { maxNewTokens: 30, doSample: true, temperature: 0.7, seed: 1, numReturnSequences: 5 };
for (const { generatedText } of await generator('How', options)) console.log(`  ${generatedText}`);
await generator.dispose();
