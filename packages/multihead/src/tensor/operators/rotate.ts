/**
 * @file The rotation of rotary positions (Su et al. 2021), with the numbers of a head paired as Hugging Face pairs them:
 * the first half's with the second half's.
 *
 *   [y_1, y_2] = [x_1 cos - x_2 sin, x_2 cos + x_1 sin]       gradient: the rotation by the opposite angle
 */
import { UserError } from '../../platform/errors.js';
import { type GraphWriter, type Operator, operator } from '../operator.js';
import { formatShape } from '../shape.js';
import type { Tensor } from '../tensor.js';

/**
 * Inputs: x [..., width], cosine and sine of the angles [..., width / 2], which broadcast against half of x. `inverse`
 * turns the other way.
 */
export const rotate: Operator<{ inverse: boolean }> = operator<{ inverse: boolean }>('Rotate', {
  shape: ([x, cosine, sine]) => {
    const shapes = [x, cosine, sine].map((tensor) => (tensor as Tensor).shape);
    const [width, half, other] = shapes.map((shape) => shape.at(-1));
    if (typeof width !== 'number' || half !== width / 2 || other !== half) {
      throw new UserError(`rotate: the angles do not fit half of the input: ${shapes.map(formatShape).join(', ')}`);
    }
    return (x as Tensor).shape;
  },
  onnx: ([x, cosine, sine], { inverse }, writer, node) => {
    const half = ((node.inputs[0] as Tensor).shape.at(-1) as number) / 2;
    const [first, second] = halves(writer, x as string, half);
    const product = (a: string, b: string | undefined) => writer.node('Mul', [a, b as string]);
    const [toFirst, toSecond] = inverse ? ['Add', 'Sub'] : ['Sub', 'Add'];
    const y1 = writer.node(toFirst as string, [product(first, cosine), product(second, sine)]);
    const y2 = writer.node(toSecond as string, [product(second, cosine), product(first, sine)]);
    return writer.node('Concat', [y1, y2], { axis: -1 });
  },
  gradient: ({ inputs: [, cosine, sine], upstream, attributes: { inverse } }) => [
    rotate([upstream, cosine as Tensor, sine as Tensor], { inverse: !inverse }),
    undefined,
    undefined,
  ],
});

function halves(writer: GraphWriter, x: string, half: number): [string, string] {
  const sizes = writer.constant('int64', [2], [half, half]);
  return writer.nodes('Split', [x, sizes], 2, { axis: -1 }) as [string, string];
}
