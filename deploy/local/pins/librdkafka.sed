# An answer to a fetch can name partitions that have no leader just now. They
# are counted but left out of the list of new leaders, whose tail then holds
# whatever was in memory: the client dies of it behind a broker's restart.
s/^\( *\)changed_topic++;$/\1md->topics[changed_topic].partition_cnt = changed_partition;\n&/
