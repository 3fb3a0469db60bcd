import { ActionIcon, Tooltip } from '@mantine/core';
import { IconEye, IconEyeOff } from '@tabler/icons-react';
import { useState } from 'react';
import { CopyIcon } from '../../ui/copy-button';
import { maskedKey } from './license-words';
import classes from './masked-key.module.css';

/** A key that is shown on demand, and copied without being shown. */
export const MaskedKey = ({ licenseKey }: { licenseKey: string }) => {
  const [isShown, setShown] = useState(false);
  const label = isShown ? 'Hide the key' : 'Show the key';
  const Icon = isShown ? IconEyeOff : IconEye;
  return (
    <span className={classes.root}>
      <code className={classes.key}>{isShown ? licenseKey : maskedKey(licenseKey)}</code>
      <Tooltip label={label}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={26}
          aria-label={label}
          aria-pressed={isShown}
          onClick={() => setShown(!isShown)}
        >
          <Icon size={15} />
        </ActionIcon>
      </Tooltip>
      <CopyIcon value={licenseKey} label="Copy the key" />
    </span>
  );
};
