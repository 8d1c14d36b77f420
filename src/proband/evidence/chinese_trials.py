"""What the shipped trials say in whole sentences, in Chinese: their summaries, and the reasons of their criteria."""

from __future__ import annotations

SENTENCES = {
    # summaries
    "Twelve patients with mild, moderate and severe ARDS on 6 mL/kg. PEEP goes from 10 to 18 cmH2O, and then breaths of 12 mL/kg show what ARMA's control group got. Oxygen answers to PEEP in lungs that can be opened; pressure and power answer to the size of the breaths.": (
        "十二位轻、中、重度 ARDS 患者，潮气量 6 mL/kg。PEEP 由 10 升至 18 cmH2O，随后以 12 mL/kg 的潮气量重现 ARMA 研究对照组所得的通气。肺能被打开时，氧合随 PEEP 而改善；压力和功率则取决于潮气量的大小。"
    ),
    "A lung that can be recruited is opened with 40 cmH2O for 30 s. Then PEEP goes from 20 to 6 cmH2O in steps of a minute. Compliance is best where as little as possible shuts again and as little as possible is overstretched; oxygen and output pull in opposite directions.": (
        "可复张的肺先以 40 cmH2O 打开 30 s，随后 PEEP 由 20 cmH2O 逐步降至 6 cmH2O，每步一分钟。重新塌陷和过度扩张都尽可能少时，顺应性最好；氧合与心输出量则此消彼长。"
    ),
    "Forty cmH2O are held for thirty seconds in moderate ARDS. Most of what opens does so in the first ten seconds, while arterial pressure falls after them (Arnal 2011), so that a shorter manoeuvre may do.": (
        "中度 ARDS 患者的气道压在 40 cmH2O 维持三十秒。能打开的肺大多在最初十秒内打开，而动脉压在十秒之后下降（Arnal 2011），因此更短的手法可能就已足够。"
    ),
    "Where the right heart fails too, a left pump alone finds little to pump. A second pump is attached on the right while the trial runs, its speed is raised, and it is taken off again. The question is how much right-sided flow the lungs and the left pump can take.": (
        "右心同时衰竭时，单靠左泵几乎无血可泵。试验进行中在右侧接上第二台泵，提高其转速，然后拆除。问题是：肺和左泵能承受多大的右侧流量。"
    ),
    "Expiration is limited: it takes its time whatever the effort. With a faster rate there is less of it, gas is trapped, and the pressure of the chest rises on heart and veins. A PEEP below the trapped pressure adds little to it (Ranieri 1993).": (
        "呼气流量受限：无论怎样用力，呼气都需要那么多时间。频率加快，呼气时间缩短，气体陷闭，胸腔内压升高并作用于心脏和静脉。低于陷闭压力的 PEEP 几乎不使其增加（Ranieri 1993）。"
    ),
    "Blood that the femoral cannula gives meets blood that the heart ejects somewhere in the aorta. The better the heart and the smaller the flow, the further down they meet, and the more of the body gets what the lungs gave. A sample from the leg then says nothing of the head.": (
        "股动脉插管送入的血与心脏射出的血在主动脉某处相遇。心功能越好、流量越小，相遇处就越靠远端，由肺供血的部分就越多。此时下肢的血样不能说明头部的情况。"
    ),
    "A bolus into the return line is looked for in the drainage line, once a minute. The nearer the flow comes to what returns to the heart, the more of it goes in circles; a heart that pumps less lets more come back at the same flow.": (
        "每分钟一次，在回输管路注入示踪剂，并在引流管路中寻找。流量越接近回心血量，循环往复的部分就越多；心输出量较低时，同样的流量再循环更多。"
    ),
    "A quarter of the blood volume is taken in three steps of two minutes, each followed by two minutes of rest, and then given back. The question is how far reflexes, and plasma that comes in from the tissues, hold the pressure, and what the price is.": (
        "分三步抽取全身血量的四分之一，每步两分钟，其后各静息两分钟，最后回输。问题是：反射和由组织进入的血浆能把血压维持到什么程度，代价又是什么。"
    ),
    "Every two seconds the rotor slows by 2000 rpm, then runs 2000 rpm faster, then returns. The same patient is run with and without it, at 5400 and at 6000 rpm, to see what pulse it gives and what it costs in flow and power.": (
        "转子每两秒先减速 2000 rpm，再加速 2000 rpm，然后恢复。同一患者在 5400 和 6000 rpm 下分别关闭和开启该功能，看它带来多大的搏动，在流量和功率上代价如何。"
    ),
    "A fifth of the blood is lost in three minutes while the pump goes on at 5400 rpm. Then the speed is raised, which is the wrong answer, lowered, and the blood is given back. The question is when the inlet is covered, what the console shows, and which alarms call.": (
        "三分钟内失血五分之一，泵仍以 5400 rpm 运行。随后先提高转速（错误的处置），再降低转速，并回输血液。问题是：流入口何时被遮挡，控制器显示什么，出现哪些报警。"
    ),
    "The driveline comes off. The rotor stands within a second or two, and blood runs back from the aorta through the pump as through a leaking valve. After two minutes the driveline is put in again.": (
        "经皮导线脱落。转子在一两秒内停止，血液由主动脉经泵倒流，如同经过关闭不全的瓣膜。两分钟后重新接上导线。"
    ),
    "A patient with severe heart failure has carried a HeartMate 3 from the left ventricle to the ascending aorta for months. The patient is first matched to a published group of supported patients. Then the speed is raised from 4800 to 6400 rpm by 200 rpm, a minute for each step, until the ventricle's wall covers the inlet. The question is what flow, filling pressures and the aortic valve do.": (
        "一位重度心力衰竭患者，数月前植入由左心室至升主动脉的 HeartMate 3。首先把患者与一组已发表的受支持患者相匹配，然后转速由 4800 rpm 每次升高 200 rpm，升至 6400 rpm，每步一分钟，直到心室壁遮住流入口。问题是：流量、充盈压和主动脉瓣如何变化。"
    ),
    "The wave in the trunk is shorter than the trunk at 212.9 MHz. One three-dimensional gradient echo is played with the channels in quadrature, with one static shim at no more SAR, and with kT-points that play every channel by itself.": (
        "在 212.9 MHz 下，躯干内的波长短于躯干本身。同一个三维梯度回波序列分别以正交激励、SAR 不增加的一个静态匀场，以及各通道独立激励的 kT 点进行扫描。"
    ),
    "A head with a demyelinated plaque is scanned with one T1-weighted protocol at 3 T and at 5 T. Nothing about SNR is put in: magnetisation, coils' sensitivity, losses in the head, relaxation and the transmit field decide it.": (
        "含一处脱髓鞘斑块的头部，用同一个 T1 加权方案在 3 T 和 5 T 下扫描。信噪比没有预先设定：它由磁化强度、线圈灵敏度、头部损耗、弛豫和发射场共同决定。"
    ),
    "The chambers of the phantom hold what the circulation of a patient with severe heart failure says. A spoiled cine (bSSFP would have dark bands at 5 T) in the short axis, gated by an ECG that the magnet distorts, is read like a reader does.": (
        "体模的心腔按一位重度心力衰竭患者的循环来充盈。短轴扰相电影序列（bSSFP 在 5 T 会出现暗带）由受磁体干扰的心电图门控，并像阅片者那样读片。"
    ),
    "One transverse slice of a knee with a coil of 16 loops, fully sampled and with a half, a quarter and an eighth of its lines. SENSE takes the coils' sensitivities from a prescan; the eighth is reconstructed by compressed sensing.": (
        "用 16 个线圈单元扫描膝关节的一个横断层面：全采样，以及采集二分之一、四分之一和八分之一的采集线。SENSE 由预扫描得到线圈灵敏度；八分之一采样用压缩感知重建。"
    ),
    "What MOLLI shows at 5 T, 1,349 ms in one group of volunteers and 1,453 ms in another, is not the muscle's T1, 1,531 ms by a method that was proven on phantoms. Truth and map are kept apart: each method's bias is measured on a heart whose T1 is known. Magnetisation transfer, which takes more from MOLLI in people, is left out.": (
        "MOLLI 在 5 T 显示的值，一组志愿者为 1,349 ms，另一组为 1,453 ms，都不是心肌的 T1；用经体模验证的方法测得的是 1,531 ms。真值与图像分开保存：在 T1 已知的心脏上测量每种方法的偏差。磁化转移在人体中使 MOLLI 读数更低，此处未计入。"
    ),
    "A healthy man and one with COPD breathe air with 0.2 % of a gas that does not dissolve, and then air again. The meter at the mouth counts what comes out. Even lungs are washed out in some seven of their own volumes; where regions fill and empty at different paces it takes twice as many, and what is trapped is not found.": (
        "一位健康男性和一位 COPD 患者先吸入含 0.2 % 不溶性气体的空气，然后改吸普通空气。口端的测量仪计量呼出的气体。通气均匀的肺约需自身容积的七倍即可洗净；各区域充盈与排空快慢不一时需要两倍之多，而陷闭的气体测不到。"
    ),
    "A man of usual weight and an obese one breathe oxygen from a circle for three minutes, and then nothing at all, with the mask off. What they live on is the gas in their lungs: once the muscles are slack the obese man has less than half of the other's, and uses more, so that his saturation falls within 200 s and the other's does not. A hand on the bag brings it back.": (
        "一位正常体重的男性和一位肥胖男性从麻醉回路吸氧三分钟，随后完全停止呼吸，面罩取下。他们赖以维持的是肺内的气体：肌肉松弛后，肥胖者肺内的气体不及前者的一半，耗氧却更多，因此他的饱和度在 200 s 内下降，而前者没有。用手挤压储气囊即可恢复。"
    ),
    "Twelve volunteers who differ in their fingers and sensors only breathe less and less oxygen. ISO 80601-2-61 asks for pairs of display and arterial blood between 70 and 100 %, at least 200 from ten volunteers, and calls the root mean square of their differences the accuracy; makers claim some 2 points, which two thirds of readings keep.": (
        "十二位志愿者，仅手指和传感器不同，吸入的氧逐步减少。ISO 80601-2-61 要求在 70 至 100 % 之间取得显示值与动脉血的配对，至少来自十位志愿者的 200 对，并以二者之差的均方根为准确度；厂家标称约 2 个百分点，三分之二的读数落在其内。"
    ),
    "The table is turned to 60 degrees in five seconds. Blood sinks into the legs and the gut, the heart fills less, and the reflexes answer within seconds.": (
        "检查床在五秒内转至 60 度。血液下沉到下肢和内脏，心脏充盈减少，反射在数秒内作出应答。"
    ),
    "The pump takes blood from the right atrium and presses it into the femoral artery, against which a weak left ventricle has to eject. With more flow the arteries' pressure rises and the ventricle fills; its valve opens less. A vent in the ventricle takes the load away.": (
        "泵从右心房取血，压入股动脉，衰弱的左心室须克服这一压力射血。流量越大，动脉压越高，心室越充盈，瓣膜开放越少。左心室引流可解除这一负荷。"
    ),
    "Five hearts from hardly any to good contractility. The flow goes down to a litre a minute; who keeps pressure, output and a low filling pressure can be weaned.": (
        "五颗心脏，收缩力由几乎没有到良好。流量降至每分钟一升；能维持血压、心输出量和较低充盈压者可以撤机。"
    ),
    "The circuit is open for 45 s. The lung falls in, blood passes it by, and saturation follows later than the eye of the oximeter shows. After reconnection it takes the breaths minutes to open again what had shut; a recruitment manoeuvre opens more.": (
        "管路断开 45 s。肺塌陷，血液未经氧合流过，饱和度的下降又晚于血氧仪的显示。重新连接后，仅靠通气要数分钟才能重新打开已塌陷的部分；肺复张手法能打开更多。"
    ),
    "Blood is drained from the lower vena cava and returned to the right atrium, while the ventilator rests lungs that let most blood pass by. Oxygen follows the flow of blood in relation to the output: every litre more brings less, since the blood that is drained comes back redder. Carbon dioxide follows the sweep gas and hardly the flow.": (
        "血液由下腔静脉引出，回输右心房，同时呼吸机让大部分血流未经氧合即通过的肺得到休息。氧合取决于血流量与心输出量之比：引流的血越来越红，因此每增加一升，收益越小。二氧化碳取决于扫气流量，与血流量几乎无关。"
    ),
    "Eight patients with COPD who differ in the strength of their muscles only. Support falls from 10 to 5 cmH2O and then to CPAP. The index of Yang & Tobin (rate over tidal volume, 1991) above 105 /min/L foretells failure; carbon dioxide says who is failing.": (
        "八位仅呼吸肌力量不同的 COPD 患者。压力支持由 10 降至 5 cmH2O，再降至 CPAP。Yang 与 Tobin 的指数（频率除以潮气量，1991）高于 105 /min/L 预示失败；二氧化碳表明谁正在失败。"
    ),
    # reasons
    "Abrams 2015, as remembered: up to a fifth is borne; 3 L/min are half of an ordinary output": "Abrams 2015（凭记忆）：至多五分之一尚可承受；3 L/min 为一般心输出量的一半",
    "Aissaoui 2011: of those who could be weaned the ejection fraction was above 20-25 % at minimal flow": "Aissaoui 2011：能够撤机者在最低流量时射血分数高于 20–25 %",
    "Arnal 2011: back within 30 s of the end": "Arnal 2011：结束后 30 s 内恢复",
    "Cardiohelp settings: alarm at -150 mmHg before the pump": "Cardiohelp 的设置：泵前压力 -150 mmHg 时报警",
    "ELSO 2021 adult cardiac guideline (Lorusso): a mean pressure of 65 mmHg at minimal flow": "ELSO 2021 成人心脏指南（Lorusso）：最低流量时平均压 65 mmHg",
    "ELSO 2021, as remembered: the right arm tells what head and heart get": "ELSO 2021（凭记忆）：右臂反映头部和心脏所得的血",
    "ELSO 2021, as remembered: the sweep keeps pH above 7.25 with resting lungs": "ELSO 2021（凭记忆）：肺休息时，扫气使 pH 保持在 7.25 以上",
    "ELSO guideline for adult cardiac failure, as remembered: mean pressure above 60-65 mmHg": "ELSO 成人心力衰竭指南（凭记忆）：平均压高于 60–65 mmHg",
    "IEC 60601-2-33, first level, trunk, from memory": "IEC 60601-2-33，一级受控运行模式，躯干（凭记忆）",
    "ISO 80601-2-61: pairs are of moments at which there is a reading": "ISO 80601-2-61：配对取自有读数的时刻",
    "ISO 80601-2-61: pairs from the whole range down to 70 %": "ISO 80601-2-61：配对覆盖低至 70 % 的整个范围",
    "MOLLI at 5 T: 1,349 ± 47 ms in 16 volunteers (arXiv 2501.07081) and 1,453 ± 33 ms in 50; two spreads below the one and above the other": "5 T 的 MOLLI：16 位志愿者 1,349 ± 47 ms（arXiv 2501.07081），50 位志愿者 1,453 ± 33 ms；下限为前者减两个离散度，上限为后者加两个离散度",
    "MOLLI reads too low: 1,349 beside 1,531 ms at 5 T, −12 % (arXiv 2501.07081); about 10 % in phantoms (Kellman and Hansen 2014)": "MOLLI 读数偏低：5 T 时 1,349 比 1,531 ms，−12 %（arXiv 2501.07081）；体模中约 10 %（Kellman 与 Hansen 2014）",
    "Robinson 2013: a washout counts once a fortieth of the first concentration is left": "Robinson 2013：浓度降至起始值的四十分之一，冲洗才算完成",
    "SAR ratio of 1.8 to 2.8 for heads of these sizes, from memory": "此种大小的头部，SAR 之比为 1.8 至 2.8（凭记忆）",
    "SNR = SNR1 / (g √R) (Pruessmann 1999)": "信噪比 = SNR1 / (g √R)（Pruessmann 1999）",
    "SNR at the centre rises as B0^1.94 (10.1002/mrm.25677, relaxed: 2.7); longer T1 at one TR and flip takes part of it; above 3 nothing is known": "中心处信噪比按 B0^1.94 上升（10.1002/mrm.25677，完全弛豫时为 2.7）；TR 和翻转角不变时，较长的 T1 抵去一部分；高于 3 尚无依据",
    "Schmidt 2013, as remembered: 4.5 L/min are more than 60 % of this output, which gives a saturation above 90 %": "Schmidt 2013（凭记忆）：4.5 L/min 超过该心输出量的 60 %，饱和度因此高于 90 %",
    "a donation-sized loss is borne with hardly any fall of mean pressure (Leonetti and Johnson bleeds, awake people)": "相当于一次献血的失血，平均压几乎不降（Leonetti 与 Johnson 的失血试验，清醒受试者）",
    "a healthy man does not faint within three minutes (assumed bound)": "健康男性三分钟内不会晕厥（假设的界限）",
    "a pulse that an oximeter and a cuff still find (pulse pressure of at least 10 mmHg)": "血氧仪和袖带仍能测到的脉搏（脉压至少 10 mmHg）",
    "a rise above 30 /min would be postural tachycardia, with some room (assumed)": "上升超过 30 /min 即为体位性心动过速，略留余地（假设）",
    "a shim of eight channels for one organ evens it out (7 T: Metzger 2008, for a region of interest)": "针对单个器官的八通道匀场可使其均匀（7 T：Metzger 2008，对感兴趣区）",
    "a standing pump leaks back 1 to 3 L/min at 70 to 80 mmHg, less at lower pressure (from memory)": "停转的泵在 70 至 80 mmHg 下倒流 1 至 3 L/min，压力较低时更少（凭记忆）",
    "above 15 cmH2O mortality rises (Amato 2015); 20 is an assumed stop": "高于 15 cmH2O 死亡率上升（Amato 2015）；20 为假设的上限",
    "above, a resting adult's filling time is gone (assumed)": "超过此值，静息成人便没有充盈时间（假设）",
    "assumed: above this most of the flow is in vain, and the cannulae are moved": "假设：超过此值，大部分流量徒劳，须调整插管位置",
    "assumed: an image that errs by more than a fifth is of no use": "假设：误差超过五分之一的图像没有用处",
    "assumed: below this no step of a trial may bring a patient, who begins with little support": "假设：起始支持很小的患者，试验的任何一步都不得使其低于此值",
    "assumed: two-fold SENSE with 16 channels loses little beyond √2": "假设：16 通道的两倍 SENSE，除 √2 外损失很小",
    "assumed: with a plateau of at most 30 cmH2O (ARMA 2000)": "假设：平台压至多 30 cmH2O（ARMA 2000）",
    "cardiac index of 2.2 L/min/m² (Imamura 2019) for a body surface of 1.95 m²": "心指数 2.2 L/min/m²（Imamura 2019），体表面积 1.95 m²",
    "central venous pressure of an optimised patient; ramp-test review": "优化后患者的中心静脉压；转速爬坡试验综述",
    "goal 70 to 80, ceiling 90 mmHg on a HeartMate 3 (clinical text); below 60 organs starve (assumed)": "HeartMate 3 的目标为 70 至 80 mmHg，上限 90 mmHg（临床文献）；低于 60 器官灌注不足（假设）",
    "kT-points even out what one static shim cannot (Cloos 2012, at 7 T: to less than half)": "kT 点能使单个静态匀场无法均匀之处变得均匀（Cloos 2012，7 T：降至一半以下）",
    "more drowns the lungs: too much flow from the right raises the wedge pressure (assumed bound)": "再多则肺淤血：右侧流量过大使楔压升高（假设的界限）",
    "saturation recovery is the less biased one (Chow 2014)": "饱和恢复法的偏差较小（Chow 2014）",
    "targets of VA-ECMO: wedge pressure at most 18 mmHg": "VA-ECMO 的目标：楔压至多 18 mmHg",
    "the ARDSNet goal of oxygenation (ARMA 2000): SpO2 88-95 %": "ARDSNet 的氧合目标（ARMA 2000）：SpO2 88–95 %",
    "the head gets what the heart ejects: once the lungs are treated the right arm must be above 92 % in every heart (ELSO 2021, as remembered)": "头部得到的是心脏射出的血：肺部治疗后，无论心功能如何，右臂都须高于 92 %（ELSO 2021，凭记忆）",
    "the leg gets the oxygenator's blood: less means that the circuit, not the lungs, is to blame (assumed)": "下肢得到的是氧合器的血：偏低说明问题在管路而不在肺（假设）",
    "the manoeuvre is stopped below (assumed bound)": "低于此值即停止手法（假设的界限）",
    "the patient must be back when the blood is (assumed bound)": "血液回输后患者须恢复（假设的界限）",
    "the pulse must not draw the wall into the inlet (assumed bound)": "人工搏动不得把心室壁吸入流入口（假设的界限）",
    "the pump must take over again (assumed bound)": "泵须重新承担循环（假设的界限）",
    "the same minutes are compared": "比较相同的时段",
    "trapped gas must not stop the heart's filling (assumed bound)": "陷闭的气体不得阻断心脏充盈（假设的界限）",
    "volunteers are not taken lower": "志愿者不再降至更低",
    "wedge pressure of an optimised patient; ramp-test review": "优化后患者的楔压；转速爬坡试验综述",
    "what repeated readings of one cine differ by, some 3 points; the truth is known here": "同一电影序列重复读片之差，约 3 个百分点；此处真值已知",
    "what was lost must be regained (assumed bound)": "失去的须重新获得（假设的界限）",
    "with support all should be ventilated (assumed bound)": "有压力支持时，所有患者都应得到足够通气（假设的界限）",
    "a hand on the bag brings it back within a minute (assumed bound)": "用手挤压储气囊，一分钟内即可恢复（假定界限）",
    "10 L/min exceed what is breathed: hardly anything is breathed again (assumed bound)": "10 L/min 超过通气量：几乎没有气体被重复吸入（假定界限）",
    "three minutes fill the lungs with oxygen: 360 mmHg in severely obese people who lay (Dixon 2005)": "三分钟使肺充满氧：平卧的重度肥胖者为 360 mmHg（Dixon 2005）",
}
