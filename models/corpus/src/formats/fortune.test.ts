import { expect, it } from 'vitest';
import { fortuneToDocuments } from './fortune.js';

it('gives a document for each cookie, without colours, titles and signatures', () => {
  const text =
    'Art is the tree of life.\nScience is\n\t\t-- William Blake,\n\t\t   1757\n%\n' +
    '\u001b[32m《感遇》\u001b[m\n\u001b[33m作者：张九龄\u001b[m\n兰叶春葳蕤，\n桂华秋皎洁。\n';
  expect(fortuneToDocuments(text)).toEqual([['Art is the tree of life. Science is'], ['兰叶春葳蕤，桂华秋皎洁。']]);
});
