/** @file Multihead as a small tensor library: lazy tensors, their values, their gradients. `node examples/dist/tensors.js` */
import { gradient, tensor } from 'multihead/tensor';

const x = tensor([
  [1, 2],
  [3, 4],
]);
const loss = x.matmul(x).sum();
console.log('loss', await loss.item()); // computed only now

const [dx] = gradient(loss, [x]);
console.log('d(loss)/dx', await dx?.data());

// Newton's method for the square root of 2: the second derivative is the gradient of the gradient.
let guess = 1;
for (let i = 0; i < 5; i++) {
  const w = tensor([guess]);
  const error = w.mul(w).sub(2).mul(w.mul(w).sub(2)).sum();
  const first = gradient(error, [w])[0];
  const second = first && gradient(first.sum(), [w])[0];
  guess -= ((await first?.sum().item()) ?? 0) / ((await second?.sum().item()) ?? 1);
}
console.log('sqrt(2) is about', guess);
