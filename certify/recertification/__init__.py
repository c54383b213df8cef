"""What a change of contract, playbook or suites means for those who were certified before it."""
