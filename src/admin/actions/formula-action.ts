import { InvalidInput } from '../../errors.ts';
import { formulaInput, removeFormula, setFormula, showFormula } from '../../use-cases/set-formula.ts';
import type { OfficeDeps } from '../office-deps.ts';
import type { ActionSpec } from './action-spec.ts';

/** `12:plus 13:minus`, as a form can send it. */
function termsOf(text: string): unknown[] {
  return text
    .split(' ')
    .filter(Boolean)
    .map((one) => {
      const [pointId, sign] = one.split(':');
      return { pointId: Number(pointId), sign };
    });
}

export function formulaAction(deps: OfficeDeps): ActionSpec {
  return {
    name: 'formula',
    label: 'Formula',
    icon: 'PlusSquare',
    component: 'PointFormula',
    permission: 'point:change',
    input: ['step', 'terms'],
    async run(actor, id, { step = 'show', terms = '' }) {
      switch (step) {
        case 'show':
          break;
        case 'set': {
          const checked = formulaInput.safeParse({ terms: termsOf(terms) });
          if (!checked.success) throw new InvalidInput({ terms: 'Choose at least one point to add or to take away.' });
          await setFormula(deps, actor, { id, ...checked.data });
          return {
            message: 'Saved. Its energy is made within five minutes, from the first meter on.',
            data: await showFormula(deps, actor, id),
          };
        }
        case 'remove':
          await removeFormula(deps, actor, { id });
          return { message: 'Removed, with the energy it made.', data: await showFormula(deps, actor, id) };
        default:
          throw new InvalidInput({ step: 'must be show, set or remove' });
      }
      return { message: '', data: await showFormula(deps, actor, id) };
    },
  };
}
