/**
 * @file Fine-tunes models/mini to answer questions on examples/data/passages, and asks it something. 95 questions teach how it
 * goes, not how to answer: three in ten of its answers on other passages are right. `node examples/dist/answer-questions.js`
 */
import { fileURLToPath } from 'node:url';
import { AutoTokenizer, BertForQuestionAnswering, pipeline, QuestionAnswering, readSquad, Trainer } from 'multihead';

const data = (name: string) => fileURLToPath(new URL(`../data/${name}`, import.meta.url));
const mini = fileURLToPath(new URL('../../models/mini', import.meta.url));
const output = 'runs/passages';

const model = await BertForQuestionAnswering.fromPretrained(mini);
const tokenizer = await AutoTokenizer.fromPretrained(mini);
const task = new QuestionAnswering({ tokenizer, maxLength: 128, stride: 32 });
const trainer = new Trainer({
  model,
  task,
  tokenizer,
  output,
  overwrite: true,
  train: await readSquad(data('passages.train.json')),
  evaluation: await readSquad(data('passages.test.json')),
  epochs: 8,
  batchSize: 16,
  learningRate: 3e-4,
  warmupRatio: 0.1,
  weightDecay: 0.01,
  onEvent: (event) => event.type === 'evaluation' && console.log(event.epoch, event.metrics),
});
await trainer.train();
await model.dispose();

const answer = await pipeline('question-answering', output);
const asked = [
  ['How long do I have to return an item?', 'You can return an item within 30 days. The money is back after a week.'],
  ['How long does delivery take?', 'Standard delivery takes three working days. It costs 4 euros.'],
] as const;
for (const [question, context] of asked) {
  const { answer: found, score } = await answer({ question, context });
  console.log(`${question}  ->  ${found} (${score.toFixed(2)})`);
}
await answer.dispose();
