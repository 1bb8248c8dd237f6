import { buildingActions } from '../actions/building-actions.ts';
import { correctAtPoint, undoAction } from '../actions/correction-actions.ts';
import { formulaAction } from '../actions/formula-action.ts';
import { lineActions } from '../actions/line-actions.ts';
import { meterActions } from '../actions/meter-actions.ts';
import { incidentActions, tokenActions } from '../actions/operation-actions.ts';
import { roleActions, userActions } from '../actions/people-actions.ts';
import type { OfficeDeps } from '../office-deps.ts';
import type { ResourceSpec } from '../resource-spec.ts';
import { billRuns, bills } from './bills.ts';
import { buildings } from './buildings.ts';
import { corrections } from './corrections.ts';
import { checkThresholds, findings } from './findings.ts';
import { flats } from './flats.ts';
import { installations } from './installations.ts';
import { lines } from './lines.ts';
import { memberships } from './memberships.ts';
import { meterAliases } from './meter-aliases.ts';
import { messages, pushSources } from './messages.ts';
import { meterModels } from './meter-models.ts';
import { meters } from './meters.ts';
import { activities, apiTokens, incidents, outbox, settings } from './operation.ts';
import { modbusRegisters, modbusUnits } from './modbus-map.ts';
import { points } from './points.ts';
import { registers } from './registers.ts';
import { reports } from './reports.ts';
import { tariffs } from './tariffs.ts';
import { permissions, roles } from './roles.ts';
import { tenancies, tenancyUsers } from './tenancies.ts';
import { userMeters } from './user-meters.ts';
import { users } from './users.ts';
import { webhooks } from './webhooks.ts';

/** In the order of the navigation. */
export function resourceSpecs(deps: OfficeDeps): ResourceSpec[] {
  return [
    buildings(deps, buildingActions(deps)),
    flats(deps),
    points(deps, [correctAtPoint(deps), formulaAction(deps)]),
    tenancies(deps),
    meters(deps, meterActions(deps)),
    installations(deps),
    corrections([undoAction(deps)]),
    lines(deps, lineActions(deps)),
    meterAliases(deps),
    messages(),
    pushSources(deps),
    modbusUnits(deps),
    modbusRegisters(deps),
    meterModels(),
    registers(deps),
    tariffs(deps),
    billRuns(),
    bills(),
    reports(),
    users(deps, userActions(deps)),
    memberships(deps),
    tenancyUsers(deps),
    userMeters(deps),
    roles(deps, roleActions(deps)),
    permissions(deps),
    incidents(incidentActions(deps)),
    findings(),
    checkThresholds(deps),
    outbox(),
    webhooks(),
    activities(),
    apiTokens(deps, tokenActions(deps)),
    settings(),
  ];
}
