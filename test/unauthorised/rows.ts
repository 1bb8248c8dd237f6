import { accountRows } from './account-rows.ts';
import { billRows } from './bill-rows.ts';
import { buildingRows } from './building-rows.ts';
import { downloadRows } from './download-rows.ts';
import { emdcRows } from './emdc-rows.ts';
import { figureRows } from './figure-rows.ts';
import { firstStepRows } from './first-step-rows.ts';
import { messageRows } from './message-rows.ts';
import { meterPageRows } from './meter-page-rows.ts';
import { modbusRows } from './modbus-rows.ts';
import { operationRows } from './operation-rows.ts';
import { peopleRows } from './people-rows.ts';
import type { Row } from './table.ts';
import { usageRows } from './usage-rows.ts';
import { webhookRows } from './webhook-rows.ts';

/** A row for every REST route; each room adds its own list here. */
export const ROWS: readonly Row[] = [
  ...peopleRows,
  ...accountRows,
  ...buildingRows,
  ...figureRows,
  ...emdcRows,
  ...firstStepRows,
  ...billRows,
  ...downloadRows,
  ...messageRows,
  ...meterPageRows,
  ...modbusRows,
  ...operationRows,
  ...usageRows,
  ...webhookRows,
];
