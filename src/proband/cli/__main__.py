from proband.cli import main

main()
