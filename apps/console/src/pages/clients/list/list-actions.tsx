import { Button, Menu } from '@mantine/core';
import { IconChevronDown, IconDownload, IconUpload } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { exportAddress } from '../../../api/bulk';

/** All clients at once, out and in. */
export const ListActions = ({ mayImport }: { mayImport: boolean }) => (
  <Menu position="bottom-end">
    <Menu.Target>
      <Button variant="default" rightSection={<IconChevronDown size={16} aria-hidden />}>
        Import and export
      </Button>
    </Menu.Target>
    <Menu.Dropdown>
      {mayImport && (
        <>
          <Menu.Item component={Link} to="/clients/actions/import" leftSection={<IconUpload size={16} aria-hidden />}>
            Import clients
          </Menu.Item>
          <Menu.Divider />
        </>
      )}
      <Menu.Item
        component="a"
        href={exportAddress('json')}
        download="clients.json"
        leftSection={<IconDownload size={16} aria-hidden />}
      >
        Export as JSON
      </Menu.Item>
      <Menu.Item
        component="a"
        href={exportAddress('csv')}
        download="clients.csv"
        leftSection={<IconDownload size={16} aria-hidden />}
      >
        Export as CSV
      </Menu.Item>
    </Menu.Dropdown>
  </Menu>
);
