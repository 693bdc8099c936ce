import { accountSettings } from '../../deploy/account-settings.ts';
import type { GetAccountSettingsRequest, GetAccountSettingsResponse } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onEverything } from '../permissions.ts';

export const GetAccountSettings: Operation<GetAccountSettingsRequest, GetAccountSettingsResponse> = {
  name: 'GetAccountSettings',
  authorise: onEverything('lambda:GetAccountSettings'),
  run: (_input, { service: { deployment } }) => accountSettings(deployment),
};
