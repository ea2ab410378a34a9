/** @file Trains a question answerer on examples/data/passages and asks it something. `node examples/dist/answer-questions.js` */
import { fileURLToPath } from 'node:url';
import {
  AutoTokenizer,
  BertForQuestionAnswering,
  pipeline,
  QuestionAnswering,
  readConfigFile,
  readSquad,
  Trainer,
} from 'multihead';

const data = (name: string) => fileURLToPath(new URL(`../data/${name}`, import.meta.url));
const output = 'runs/passages';

const model = BertForQuestionAnswering.fromConfig(await readConfigFile(data('bert-tiny.json')));
const tokenizer = await AutoTokenizer.fromPretrained(data('tokenizer'));
const task = new QuestionAnswering({ tokenizer, maxLength: 128, stride: 32 });
const trainer = new Trainer({
  ...{ model, task, tokenizer, output },
  train: await readSquad(data('passages.train.json')),
  evaluation: await readSquad(data('passages.test.json')),
  ...{ epochs: 20, batchSize: 16, learningRate: 5e-4, warmupRatio: 0.1, weightDecay: 0.01 },
  onEvent: (event) => event.type === 'evaluation' && console.log(event.epoch, event.metrics),
});
await trainer.train();
await model.dispose();

const answer = await pipeline('question-answering', output);
const context = 'The shop in Harbour Street opens at nine. Returns are free within 30 days.';
console.log(await answer({ question: 'When does the shop open?', context }));
await answer.dispose();
