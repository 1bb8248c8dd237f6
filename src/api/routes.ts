import type { Route } from './contract.ts';
import { accountRoutes } from './routes/account.ts';
import { activityRoutes } from './routes/activities.ts';
import { bandRoutes } from './routes/bands.ts';
import { billRunRoutes } from './routes/bill-runs.ts';
import { billingRoutes } from './routes/billing.ts';
import { billRoutes } from './routes/bills.ts';
import { buildingDayRoutes } from './routes/building-day.ts';
import { buildingPowerRoutes } from './routes/building-power.ts';
import { buildingRoutes } from './routes/buildings.ts';
import { contactRoutes } from './routes/contact.ts';
import { coverageRoutes } from './routes/coverage.ts';
import { correctionRoutes } from './routes/corrections.ts';
import { downloadRoutes } from './routes/downloads.ts';
import { emdcRoutes } from './routes/emdc.ts';
import { energySourcesRoutes } from './routes/energy-sources.ts';
import { findingRoutes } from './routes/findings.ts';
import { flatRoutes } from './routes/flats.ts';
import { gridZoneRoutes } from './routes/grid-zones.ts';
import { healthRoutes } from './routes/health.ts';
import { historyRoutes } from './routes/history.ts';
import { importRoutes } from './routes/imports.ts';
import { incidentRoutes } from './routes/incidents.ts';
import { installationRoutes } from './routes/installations.ts';
import { ingestRoutes } from './routes/ingest.ts';
import { keepingRoutes } from './routes/keeping.ts';
import { lineWorkRoutes } from './routes/line-work.ts';
import { lineRoutes } from './routes/lines.ts';
import { messageRoutes } from './routes/messages.ts';
import { meterRoutes } from './routes/meters.ts';
import { modelFileRoutes } from './routes/model-files.ts';
import { modelRoutes } from './routes/models.ts';
import { notificationRoutes } from './routes/notifications.ts';
import { passwordLinkRoutes } from './routes/password-links.ts';
import { pointFormulaRoutes } from './routes/point-formula.ts';
import { pointRoutes } from './routes/points.ts';
import { mqttBrokerRoutes } from './routes/mqtt-broker.ts';
import { modbusUnitRoutes } from './routes/modbus-units.ts';
import { pushSourceRoutes } from './routes/push-sources.ts';
import { readingRoutes } from './routes/readings.ts';
import { reportRoutes } from './routes/reports.ts';
import { tariffRoutes } from './routes/tariffs.ts';
import { tenancyRoutes } from './routes/tenancies.ts';
import { pointEnergyRoutes } from './routes/point-energy.ts';
import { roleRoutes } from './routes/roles.ts';
import { settlementRoutes } from './routes/settlement.ts';
import { sessionRoutes } from './routes/session.ts';
import { tokenRoutes } from './routes/tokens.ts';
import { transmissionRoutes } from './routes/transmissions.ts';
import { usageRoutes } from './routes/usage.ts';
import { userRoutes } from './routes/users.ts';
import { webhookRoutes } from './routes/webhooks.ts';

/** Every REST route; a file per noun under routes/. */
export const ROUTES: readonly Route[] = [
  ...sessionRoutes,
  ...accountRoutes,
  ...passwordLinkRoutes,
  ...contactRoutes,
  ...userRoutes,
  ...roleRoutes,
  ...tokenRoutes,
  ...buildingRoutes,
  ...buildingPowerRoutes,
  ...buildingDayRoutes,
  ...activityRoutes,
  ...energySourcesRoutes,
  ...coverageRoutes,
  ...flatRoutes,
  ...usageRoutes,
  ...bandRoutes,
  ...pointRoutes,
  ...pointEnergyRoutes,
  ...pointFormulaRoutes,
  ...tenancyRoutes,
  ...lineRoutes,
  ...lineWorkRoutes,
  ...modelRoutes,
  ...modelFileRoutes,
  ...meterRoutes,
  ...healthRoutes,
  ...installationRoutes,
  ...readingRoutes,
  ...historyRoutes,
  ...correctionRoutes,
  ...tariffRoutes,
  ...billingRoutes,
  ...billRunRoutes,
  ...billRoutes,
  ...downloadRoutes,
  ...settlementRoutes,
  ...reportRoutes,
  ...incidentRoutes,
  ...notificationRoutes,
  ...ingestRoutes,
  ...messageRoutes,
  ...mqttBrokerRoutes,
  ...transmissionRoutes,
  ...gridZoneRoutes,
  ...pushSourceRoutes,
  ...webhookRoutes,
  ...modbusUnitRoutes,
  ...keepingRoutes,
  ...findingRoutes,
  ...importRoutes,
  ...emdcRoutes,
];
